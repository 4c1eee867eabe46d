"""Placement of the parts of a wiring diagram, in columns from left to right and in rows."""

from kerasgates.plot.wiring.parts import readers


class Places:
    """A column for each part, and the way in which it gets each of its values.

    A way is "bus" (from below, into a layer), "through" (the value's wire runs into the part),
    "stack" (the part stands straight above), "above" or "below" (a wire branches off up or down).

    Args:
        wiring: a `Wiring`.
    """

    def __init__(self, wiring):
        self.wiring, self.column, self.ways, self.rail = wiring, {}, {}, {}
        # The part that a value on a rail runs into, and the last column that it is read in before.
        self._next, self._tapped = {}, {}
        # The part in each column that something can stand on.
        self._top = {}
        self.readers = readers(wiring.parts)
        self._height = _heights(wiring.parts, self.readers)
        self.rows = Rows()
        self._lay_rails()
        self.columns = 0
        for part in self._in_order():
            self._place(part)

    def _lay_rails(self):
        """Put on the rail of a state the parts that lead to its next value without a layer."""
        for name, part in self.wiring.states.items():
            source = self.wiring.sources[name]
            before = source
            others = {*self.wiring.exits.values()} - {part}
            for step in _way(part, source, others | {*self.rail}):
                self.rail[step] = source
                self._next[before] = before = step
        for source in self._sources():
            if any(not reader.is_fed_from_below for reader in self.readers.get(source, ())):
                self.rail[source] = source

    def _sources(self):
        return [*self.wiring.inputs.values(), *self.wiring.sources.values()]

    def _in_order(self):
        """Parts in the order of placing: junctions as early as can be, so that wires are short.

        What changes the value on a rail comes behind what reads it.
        """
        waiting, done = list(self.wiring.parts), {*self._sources()}

        def rank(part):
            before = [value for value in part.of if self._next.get(value) is part]
            others = [r for value in before for r in self.readers[value] if r in waiting]
            early = any(r is not part and not r.is_fed_from_below for r in others)
            # Gates straight below their rails; and first those from which it is far to the end.
            return early, part.is_fed_from_below, part not in self.rail, -self._height[part]

        while waiting:
            part = min((part for part in waiting if done.issuperset(part.of)), key=rank)
            waiting.remove(part)
            done.add(part)
            yield part

    def _place(self, part):
        for column, ways in self._choices(part) if not part.is_fed_from_below else ():
            if self._reaches(column, ways) and self.rows.allow(part, ways):
                break
        else:
            column, ways = None, {value: "bus" for value in part.of}
        new = column is None
        self.column[part] = self.columns if new else column
        self.columns += new
        self.ways[part] = ways
        # Nothing can stand above what gets a wire from above, or is up there.
        closed = "above" in ways.values() or part in self.rail
        self._top[self.column[part]] = None if closed else part
        for value, way in ways.items():
            if way == "above":
                self._tapped[value] = max(self._tapped.get(value, -1), self.column[part])

    def _reaches(self, column, ways):
        """Whether values on rails can be read in a column: not behind what has changed them."""
        column = self.columns if column is None else column
        taps = [value for value, way in ways.items() if way == "above"]
        return all(column < self.column.get(self._next.get(v), column + 1) for v in taps)

    def _choices(self, part):
        """Columns, None for a new one, and ways of the values, the best first."""
        values = [*dict.fromkeys(part.of)]
        if part in self.rail:
            yield from self._choices_on_rail(part)
        elif values and len(values) == len(part.of):
            yield from self._choices_in_stack(part, values)
            yield from self._choices_in_new_column(part, values)

    def _choices_on_rail(self, part):
        """Choices of a part on a rail: straight above its other value, or in a new column."""
        before = next(value for value in part.of if self._next.get(value) is part)
        if len(part.of) == 1:
            yield None, {before: "through"}
        last = max(self.column.get(before, -1), self._tapped.get(before, -1))
        for other in part.of:
            if other is before:
                continue
            if self._is_open(other) and self.column[other] > last:
                yield self.column[other], {before: "through", other: "stack"}
            yield None, {before: "through", other: self._tap(other)}

    def _choices_in_stack(self, part, values):
        """Choices of a part off the rails that stands on one of its values, the last one first."""
        bases = filter(self._is_open, values)
        for base in sorted(bases, key=self.column.get, reverse=True):
            column = self.column[base]
            if len(values) == 1:
                yield column, {base: "stack"}
            for other in values:
                if other is base or self.column.get(other, -1) >= column:
                    continue
                if other in self.rail:
                    yield column, {base: "stack", other: "above"}
                elif self._may_end(other, part, column):
                    yield column, {base: "stack", other: "through"}

    def _choices_in_new_column(self, part, values):
        """Choices of a part off the rails in a column of its own: one wire may run into it."""
        taps = {value: self._tap(value) for value in values}
        if len(values) == 1:
            (value,) = values
            if part.kind == "junction" and self._may_end(value, part, self.columns):
                yield None, {value: "through"}
            yield None, taps
            return
        for first, second in (values, values[::-1]):
            if self._may_end(first, part, self.columns):
                yield None, {first: "through", second: taps[second]}
        if {*taps.values()} == {"above", "below"}:
            yield None, taps

    def _is_open(self, part):
        return part in self.column and self._top.get(self.column[part]) is part

    def _tap(self, value):
        return "above" if value in self.rail else "below"

    def _may_end(self, value, part, column):
        """Whether the wire of a value may run into a part, and nowhere further."""
        if value in self.rail or value in self.wiring.exits.values():
            return False
        others = [r for r in self.readers[value] if r is not part and not r.is_fed_from_below]
        return all(self.column.get(r, column + 1) <= column for r in others)


class Rows:
    """Rows of the values off the rails; values that run on into a junction have its row."""

    def __init__(self):
        self._same, self._above = {}, []

    def _root(self, part):
        while part in self._same:
            part = self._same[part]
        return part

    def allow(self, part, ways):
        """Add the ways of a part and return True; False where no rows fit them."""
        same, above = dict(self._same), list(self._above)
        for value, way in ways.items():
            if way == "through":
                self._same[self._root(part)] = self._root(value)
            elif way in ("stack", "below"):
                self._above.append((value, part))
        if self._order() is not None:
            return True
        self._same, self._above = same, above
        return False

    def _order(self):
        """Rows from below; None if one would be above itself."""
        under = {}
        for low, high in self._above:
            under.setdefault(self._root(high), set()).add(self._root(low))
            under.setdefault(self._root(low), set())
        done = []
        while under:
            free = [part for part, low in under.items() if low <= {*done}]
            if not free:
                return None
            done += free
            for part in free:
                del under[part]
        return done

    def settle(self, column, lanes):
        """A row for each value, as low as it can be where nothing else is in its way."""
        groups = {}
        for part in lanes:
            groups.setdefault(self._root(part), []).append(part)
        order = [root for root in self._order() if root in groups]
        order += [root for root in groups if root not in order]
        rows, intervals = {}, {}
        for root in order:
            parts = groups[root]
            spans = [column[part] for part in parts] + [x for part in parts for x in lanes[part]]
            first, last = min(spans), max(spans)
            low = [self._root(a) for a, b in self._above if self._root(b) is root]
            row = 1 + max([rows.get(part, 0) for part in low], default=0)
            while any(first <= b and a <= last for a, b in intervals.get(row, ())):
                row += 1
            intervals.setdefault(row, []).append((first, last))
            rows[root] = row
        return {part: rows[self._root(part)] for part in lanes}


def _heights(parts, readers):
    """Number of parts on the longest way from each to the end."""
    heights = {}
    for part in reversed(parts):
        heights[part] = 1 + max((heights[reader] for reader in readers.get(part, ())), default=0)
    return heights


def _way(part, source, taken):
    """Path from a source to a part through no layer and no part in `taken`; [] if there is none.

    Of a sum the way leads through what comes first. What leads nowhere is added to `taken`.
    """
    if part.kind == "source" or part.is_fed_from_below or part in taken:
        return []
    for value in part.of:
        if value is source:
            return [part]
        if way := _way(value, source, taken):
            return [*way, part]
    taken.add(part)
    return []
