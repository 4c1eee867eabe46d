"""A step over all steps of a sequence, as one function that JAX differentiates in any way."""

import functools
from dataclasses import dataclass

import jax
from jax import lax
from jax import numpy as jnp

#: Fewest steps of a block where the length is no multiple of it.
FEWEST_STEPS = 8


@dataclass(frozen=True)
class Way:
    """Settings of the scans.

    Attributes:
        keep: whether a backward pass keeps the sums of the steps, or computes them again.
        most_steps: of a block, for which much is computed at once.
        unroll: how many steps XLA compiles as one piece.
    """

    keep: bool
    most_steps: int
    unroll: int


@functools.partial(jax.custom_jvp, nondiff_argnums=(0, 1, 2))
def over_time(program, shown, way, inputs, states, fixed):
    """Last states, and one of the states at all steps.

    Its derivative is written as the tangents of the states over time. The products of all steps
    of a block with the tangents of weights are one product there. JAX transposes it for
    gradients, and differentiates it again for those of second order.

    Args:
        program: the `Program` of the step.
        shown: index of the state that is wanted.
        way: how.
        inputs: a list, each `(time, …)`.
        states: a list of the initial states.
        fixed: values of `program.fixed`.
    """

    def step(states, here):
        # Step by step: without a backward pass the memory for many steps costs more than it saves.
        still = program.still_values([value[None] for value in here], fixed)
        new, _ = program([value[0] for value in still], states, fixed)
        return new, new[shown]

    return lax.scan(step, states, inputs, unroll=way.unroll)


@functools.partial(over_time.defjvp, symbolic_zeros=True)
def _over_time_jvp(program, shown, way, primals, tangents):
    inputs, states, fixed = primals
    kept_keys = program.kept if way.keep else []

    def block(states, inputs):
        def step(states, still):
            new, sums = program(still, states, fixed)
            # The state that is shown is kept once.
            before = [None if i == shown else s for i, s in enumerate(states)]
            return new, (before, {key: sums[key] for key in kept_keys}, new[shown])

        return lax.scan(step, states, program.still_values(inputs, fixed), unroll=way.unroll)

    last, (before, kept, outputs) = in_blocks(way, block, states, inputs)
    before[shown] = jnp.concatenate([states[shown][None], outputs[:-1]])
    d_last, d_outputs = _tangents(program, shown, way, primals, tangents, (before, kept))
    return (last, outputs), (d_last, d_outputs)


def _tangents(program, shown, way, primals, tangents, known):
    """Tangents of what `over_time` gives, from the states before each step and the kept sums."""
    inputs, _, fixed = primals
    d_inputs, d_states, d_fixed = map(_without_zeros, tangents)
    moved = {i: d for i, d in d_fixed.items() if program.fixed[i] in program.moved}
    first = [d_states.get(i, jnp.zeros_like(state)) for i, state in enumerate(primals[1])]

    def block(d_states, here):
        inputs, d_inputs, before, kept = here
        still = program.still_values(inputs, fixed)
        # What is not kept is computed again; what is, is not.
        kept = {**program(still, before, fixed, fixed, kept.get, many=True)[1], **kept}

        def sums_of(inputs, linear_fixed):
            still = program.still_values(inputs, linear_fixed)
            # Others read what is known, so that nothing comes by way of states here.
            hold = dict(kept).get
            sums = program(still, before, fixed, linear_fixed, hold, many=True)[1]
            return {key: value for key, value in sums.items() if _is_real(value)}

        # By way of inputs and weights, for all steps; that of states follows step by step.
        _, d_sums = _jvp(sums_of, (inputs, fixed), (d_inputs, d_fixed))

        def tangent(d_states, here):
            still, before, kept, d_sums = here

            def new_states(states, fixed_of_others, probes):
                def sum_of(key, value):
                    result = kept[key]
                    return known_sum(value, probes[key], result) if key in probes else result

                return program(still, states, fixed_of_others, fixed, sum_of)[0]

            probes = jax.tree.map(jnp.zeros_like, d_sums)
            primals = before, fixed, probes
            _, d_new = _jvp(new_states, primals, (dict(enumerate(d_states)), moved, d_sums))
            return d_new, d_new[shown]

        # Point-wise operations are done again rather than kept.
        tangent = jax.checkpoint(tangent, prevent_cse=False)
        return lax.scan(tangent, d_states, (still, before, kept, d_sums), unroll=way.unroll)

    block = jax.checkpoint(block, prevent_cse=False)
    return in_blocks(way, block, first, (inputs, d_inputs, *known))


@jax.custom_jvp
def known_sum(value, probe, result):
    """`result`, which `value` is if it is computed again; in tangents `value + probe`."""
    return result


@functools.partial(known_sum.defjvp, symbolic_zeros=True)
def _known_sum_jvp(primals, tangents):
    parts = [*_without_zeros(tangents[:2]).values()]
    return primals[2], sum(parts[1:], parts[0]) if parts else jnp.zeros_like(primals[2])


def in_blocks(way, block, states, sequences):
    """Run a function of states and of sequences of some steps block by block of all.

    Args:
        way: whose `most_steps` a block has.
        block: gives new states, and a tree of sequences.
        states: the first ones.
        sequences: a tree, each `(time, …)`.
    """
    steps = jax.tree.leaves(sequences)[0].shape[0]
    size = block_size(steps, way.most_steps)
    count, rest = divmod(steps, size)
    if count == 1 and not rest:
        return block(states, sequences)

    def cut(value):
        return value[: count * size].reshape(count, size, *value.shape[1:])

    states, results = lax.scan(block, states, jax.tree.map(cut, sequences))
    results = jax.tree.map(lambda v: v.reshape(count * size, *v.shape[2:]), results)
    if rest:
        remaining = jax.tree.map(lambda v: v[count * size :], sequences)
        states, more = block(states, remaining)
        results = jax.tree.map(lambda *parts: jnp.concatenate(parts), results, more)
    return states, results


def block_size(steps, most):
    """Steps of a block, at most `most`: where it can be, a divisor of their number."""
    if steps <= most:
        return steps
    divisor = max(size for size in range(1, most + 1) if steps % size == 0)
    return divisor if divisor >= FEWEST_STEPS else most // 2


def _jvp(function, primals, tangents):
    """`jax.jvp` where some arguments, each a list or dict, have tangents of some entries alone.

    Args:
        function: of lists and dicts.
        primals: these.
        tangents: dicts by index or key.
    """
    moving = [{key: primal[key] for key in d} for primal, d in zip(primals, tangents)]

    def of_moving(moving):
        whole = []
        for primal, some in zip(primals, moving):
            if isinstance(primal, dict):
                whole.append({**primal, **some})
            else:
                whole.append([some.get(i, value) for i, value in enumerate(primal)])
        return function(*whole)

    return jax.jvp(of_moving, (moving,), ([*tangents],))


def _without_zeros(tangents):
    """Tangents by index, without those that are known to be zero."""
    kind = jax.custom_derivatives.SymbolicZero
    return {i: d for i, d in enumerate(tangents) if not isinstance(d, kind)}


def _is_real(value):
    return jnp.issubdtype(value.dtype, jnp.inexact)
