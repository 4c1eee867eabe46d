"""Layout of a wiring diagram: coordinates of its parts, and routes of its wires.

From below: wires that lead into the layers, the layers side by side, rows of junctions, and the
rails, on which each state runs through from left to right. Wires run straight, cross without
touching, and branch only at dots.
"""

from dataclasses import dataclass, field

from kerasgates.plot.wiring.parts import Wiring
from kerasgates.plot.wiring.placement import Places

#: Distances in units of a layer's place.
ROW, RAIL, BUS, FIRST_BUS = 0.8, 0.9, 0.32, 0.75
#: How far to the right of its column a value goes down, and how far apart several do.
CHANNEL, APART = 0.5, 0.06
#: Where sources stand, and how far to the right of that they go down.
LEFT, DOWN = -1.6, 0.4


#: Width and height of what stands there; of one letter, and the most letters of a label.
SIZES = {"layer": (0.62, 0.5), "function": (0.6, 0.34), "junction": (0.36, 0.36)}
LETTER, MOST_LETTERS = 0.13, 26
#: How much of its place a part may take, so that wires pass beside it.
SHARE = 0.76


def label_of(part):
    """Label of a part; of a long one, only as many whole arguments as there is room for."""
    if len(part.label) <= MOST_LETTERS:
        return part.label
    # Room for what stands at the end.
    cut = part.label[: MOST_LETTERS - 3]
    whole, comma, _ = cut.rpartition(", ")
    return f"{whole}, …)" if comma and part.label.endswith(")") else f"{cut}…"


def size_of(part):
    """Width and height of a part, so that what is written on it fits."""
    wide, tall = SIZES[part.kind]
    return max(wide, 0.12 + LETTER * len(label_of(part))), tall


@dataclass
class Net:
    """The wires of one value: straight pieces `(x, y, x, y)`, and dots where they branch."""

    part: object
    pieces: list = field(default_factory=list)
    dots: list = field(default_factory=list)


class Layout:
    """Places and wires of the parts of a cell.

    Attributes:
        name: of the cell's class.
        at: (x, y) of each part that is no source.
        nets: a `Net` for each value that goes anywhere.
        entries: (part, x, y) of the input and the old states.
        exits: (names, x, y) of the new states, and of an output that is none.
        arrows: (x, y, part, place) of each wire's end at a part: a point that it comes from, the
            part, and where that is.
        width, height: (first, last) of all x, and of all y.

    Args:
        cell: a cell with `gates`, its class, or a layer of it.
        labels: None, or the convention of the names, as of `kg.equations`.

    Raises:
        ValueError: as `kg.equations`.
    """

    def __init__(self, cell, labels=None):
        self.wiring = Wiring(cell, labels)
        self.name = self.wiring.title
        self.places = Places(self.wiring)
        self._draw()

    def _draw(self):
        places, self._last = self.places, self.places.columns
        rows = places.rows.settle(places.column, self._lanes())
        top = max([*rows.values(), 0]) * ROW + ROW
        sources = [*self.wiring.inputs.values(), *self.wiring.sources.values()]
        rails = [source for source in sources if source in places.rail.values()]
        # In the order of the states, as h below c.
        rail_y = {source: top + RAIL * number for number, source in enumerate(rails)}
        # Height at which each value runs to the right, and of each that is read from below.
        self._lane_y = {part: row * ROW for part, row in rows.items()}
        self._lane_y |= {part: rail_y[source] for part, source in places.rail.items()}
        self._bus_y = self._lay_bus()
        self.at = {
            part: (column, 0.0 if self._is_box(part) else self._lane_y[part])
            for part, column in places.column.items()
        }
        self.nets, self.arrows, self.entries, self.exits = [], [], [], []
        self._ways_down = []
        for value in [*sources, *places.column]:
            self._connect(value)
        self._spread()
        ends = [y for net in self.nets for piece in net.pieces for y in piece[1::2]]
        self.width = min(x for _, x, _ in self.entries), max(x for _, x, _ in self.exits)
        self.height = min(ends), max(*ends, 0.4)

    def _spread(self):
        """Put columns further apart where what is written needs it."""
        parts = self.places.column
        by = max(1, *(max(size_of(p)[0] / SHARE, 0.1 + LETTER * len(p.name)) for p in parts))
        self.at = {part: (x * by, y) for part, (x, y) in self.at.items()}
        for net in self.nets:
            net.pieces = [(x * by, y, to_x * by, to_y) for x, y, to_x, to_y in net.pieces]
            net.dots = [(x * by, y) for x, y in net.dots]
        self.arrows = [(x * by, y, part, self.at[part]) for x, y, part in self.arrows]
        self.entries = [(part, x * by, y) for part, x, y in self.entries]
        self.exits = [(name, x * by, y) for name, x, y in self.exits]

    def _is_box(self, part):
        """Whether it stands in the row of layers, and is fed from below."""
        return "bus" in self.places.ways[part].values() or part.is_fed_from_below

    def _ways(self, value):
        """Readers of a value, and the way in which each gets it."""
        return {r: self.places.ways[r][value] for r in self.places.readers.get(value, ())}

    def _lanes(self):
        """Columns at which each value with a row, off the rails, is read from it."""
        lanes, ends = {}, {*self.wiring.exits.values()}
        for part, column in self.places.column.items():
            ways = self._ways(part)
            # What goes straight up from a layer, or nowhere, needs no row.
            short = part not in ends and [*ways.values()] in (["stack"], [])
            if part in self.places.rail or (self._is_box(part) and short):
                continue
            lanes[part] = [self.places.column[r] for r, way in ways.items() if way != "bus"]
            lanes[part] += [column + CHANNEL] * ("bus" in ways.values())
            lanes[part] += [self._last] * (part in ends)
        return lanes

    def _lay_bus(self):
        """Height of each value that is read from below: sources last, and the input below all."""
        rows = []
        wiring = self.wiring
        values = [*wiring.inputs.values(), *wiring.sources.values(), *self.places.column]
        for value in values[::-1]:
            reached = [self.places.column[r] for r, w in self._ways(value).items() if w == "bus"]
            if not reached:
                continue
            first, last = self.places.column.get(value, LEFT) + CHANNEL, max(reached)
            for row in rows:
                if value.kind != "source" and all(b < first or last < a for a, b, _ in row):
                    row.append((first, last, value))
                    break
            else:
                rows.append([(first, last, value)])
        return {v: -FIRST_BUS - BUS * k for k, row in enumerate(rows) for _, _, v in row}

    def _connect(self, value):
        net, joins, ways = Net(value), [], self._ways(value)
        exits = [name for name, part in self.wiring.exits.items() if part is value]
        if not ways and not exits:
            return
        lane, bus = self._lane_y.get(value), self._bus_y.get(value)
        x, y = self.at.get(value, (LEFT, lane))
        # How far to the right the value is wanted at the height of its lane.
        last = self._last if exits else x
        for reader, way in ways.items():
            to_x, to_y = self.at[reader]
            start = to_x, lane if way != "stack" else y
            if way == "bus":
                start = to_x, bus
                if bus > min(self._bus_y[v] for v in reader.of):
                    # The lowest goes up into the part, and all others join it.
                    joins.append(start)
                    continue
            elif way == "through":
                start = x, to_y
            if way != "bus":
                last = max(last, to_x)
            if way != "through":
                net.pieces.append((*start, to_x, to_y))
            self.arrows.append((*start, reader))
        if bus is not None:
            start = self._way_down(value, x) if lane is not None else x
            end = max(self.places.column[r] for r, way in ways.items() if way == "bus")
            net.pieces.append((start, bus, end, bus))
            if lane is not None:
                net.pieces.append((start, lane, start, bus))
                last = max(last, start)
        if lane is not None:
            net.pieces += [(x, lane, last, lane), (x, y, x, lane)]
        if value.kind == "source":
            self.entries.append((value, x, bus if lane is None else lane))
        self.exits += [(", ".join(exits), float(last), lane)] if exits else []
        net.pieces = [piece for piece in net.pieces if piece[:2] != piece[2:]]
        net.dots = _branches(net.pieces) + joins
        self.nets.append(net)

    def _way_down(self, value, x):
        """The x at which a value runs from its lane down to the layers, different for each."""
        self._ways_down.append(x)
        number = self._ways_down.count(x) - 1
        if value.kind == "source":
            return x + DOWN + 2 * APART * number
        # To the left and to the right of the middle by turns, clear of what stands there.
        return x + CHANNEL + APART * ((number + 1) // 2) * (-1) ** number


def _branches(pieces):
    """Points at which three pieces or more meet."""
    ends = {point for piece in pieces for point in (piece[:2], piece[2:])}
    return [point for point in sorted(ends) if sum(_arms(piece, point) for piece in pieces) > 2]


def _arms(piece, point):
    """Number of directions from a point along a piece: one from its end, two from between."""
    (x, y), (a, b, c, d) = point, piece
    if not (min(a, c) <= x <= max(a, c) and min(b, d) <= y <= max(b, d)):
        return 0
    return 1 if point in (piece[:2], piece[2:]) else 2
