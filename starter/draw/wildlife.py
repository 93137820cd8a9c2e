"""Horse, rabbit, elephant, fox and bear, each in its poses, drawn in the unit box (y down, feet at 1)."""

import random

from starter.draw.animals import PINK, WHITE, open_eye, seam, seamed_blob, seamed_oval
from starter.draw.pen import CREAM, Color, Painter, Pen, Point, dark, light, mix

BLACK: Color = (20, 13, 28)
HOOF: Color = (58, 42, 50)


def _is_black(color: Color) -> bool:
    return sum(color) < 250


def _is_white(color: Color) -> bool:
    return min(color) > 230


def _far(fur: Color) -> Color:
    """The legs and ears on the far side."""
    return dark(fur, 0.5) if _is_black(fur) else dark(fur, 0.3)


def _pads(pen: Pen, x: float, y: float, r: float, fill: Color) -> None:
    """The sole of a paw: one big pad under three small ones."""
    pen.oval(x, y + r * 0.25, r * 0.5, r * 0.4, fill)
    for side in (-1, 0, 1):
        pen.oval(x + side * r * 0.5, y - r * 0.38 + abs(side) * r * 0.12, r * 0.2, r * 0.22, fill)


def _mane(coat: Color) -> Color:
    if _is_white(coat):
        return (206, 160, 104)
    return light(coat, 0.38) if _is_black(coat) else dark(coat, 0.62)


def _horse_head(pen: Pen, x: float, y: float, coat: Color) -> None:
    """Facing right, (x, y) between the ears: a long face with a blaze, a soft muzzle, a forelock."""
    mane = _mane(coat)
    pen.poly(((x + 0.08, y + 0.1), (x + 0.2, y - 0.28), (x + 0.3, y + 0.12)), _far(coat))
    pen.blob(
        (
            (x - 0.14, y + 0.16), (x + 0.02, y - 0.02), (x + 0.26, y + 0.02), (x + 0.46, y + 0.28), (x + 0.68, y + 0.52),
            (x + 0.68, y + 0.74), (x + 0.48, y + 0.8), (x + 0.22, y + 0.62), (x - 0.06, y + 0.56),
        ),
        coat,
    )  # fmt: skip
    muzzle = (214, 160, 160) if _is_white(coat) else light(coat, 0.45)
    pen.oval(x + 0.55, y + 0.61, 0.2, 0.18, muzzle)
    pen.oval(x + 0.62, y + 0.56, 0.045, 0.06, dark(muzzle, 0.7))
    pen.arc(x + 0.5, y + 0.6, 0.13, 40, 120, 0.06, dark(muzzle, 0.55))
    pen.line(((x + 0.3, y + 0.14), (x + 0.5, y + 0.38)), 0.1, light(coat, 0.8))
    pen.poly(((x - 0.08, y + 0.1), (x + 0.0, y - 0.3), (x + 0.15, y + 0.06)), coat)
    pen.poly(((x - 0.0, y + 0.04), (x + 0.02, y - 0.16), (x + 0.08, y + 0.02)), PINK)
    pen.blob(
        ((x - 0.02, y + 0.0), (x + 0.16, y - 0.06), (x + 0.3, y + 0.08), (x + 0.24, y + 0.26), (x + 0.1, y + 0.14)),
        mane,
    )
    open_eye(pen, x + 0.2, y + 0.34, 0.095, ring=None if not _is_black(coat) else CREAM)


def horse(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    far, mane = _far(color), _mane(color)
    hoof = (120, 100, 100) if _is_black(color) else HOOF

    def leg(path: tuple[Point, ...], tone: Color) -> None:
        pen.line(path, 0.19, tone)
        (ax, ay), (bx, by) = path[-2:]
        pen.line(((bx + (ax - bx) * 0.16, by + (ay - by) * 0.16), (bx, by)), 0.2, hoof)

    if pose == "standing":
        pen.blob(
            ((-0.56, 0.0), (-0.8, -0.06), (-0.98, 0.26), (-0.94, 0.74), (-0.8, 0.66), (-0.76, 0.3), (-0.56, 0.24)), mane
        )
        leg(((-0.3, 0.4), (-0.3, 0.9)), far)
        leg(((0.4, 0.4), (0.42, 0.9)), far)
        pen.blob(
            (
                (-0.7, 0.12),
                (-0.52, -0.1),
                (0.0, -0.04),
                (0.4, -0.1),
                (0.54, 0.16),
                (0.36, 0.42),
                (-0.1, 0.4),
                (-0.5, 0.42),
            ),
            color,
        )
        leg(((-0.52, 0.34), (-0.56, 0.64), (-0.52, 0.9)), color)
        leg(((0.2, 0.4), (0.18, 0.9)), color)
        pen.blob(((-0.06, 0.1), (0.08, -0.5), (0.3, -0.8), (0.6, -0.5), (0.54, -0.1), (0.54, 0.26), (0.2, 0.4)), color)
        pen.blob(
            ((0.34, -0.8), (0.14, -0.78), (-0.06, -0.5), (-0.2, -0.02), (-0.02, 0.06), (0.1, -0.16), (0.28, -0.44)),
            mane,
        )
        _horse_head(pen, 0.3, -0.72, color)
        return
    pen.blob(
        ((-0.5, 0.0), (-0.7, -0.22), (-1.0, -0.2), (-0.92, -0.08), (-1.04, 0.06), (-0.8, 0.06), (-0.54, 0.2)), mane
    )
    leg(((-0.46, 0.2), (-0.56, 0.54), (-0.98, 0.6)), far)
    leg(((0.36, 0.2), (0.76, 0.3), (0.78, 0.62)), far)
    pen.blob(
        ((-0.66, 0.12), (-0.46, -0.1), (0.0, -0.04), (0.36, -0.14), (0.56, 0.1), (0.4, 0.38), (-0.46, 0.42)), color
    )
    leg(((-0.42, 0.24), (-0.5, 0.62), (-0.82, 0.92)), color)
    leg(((0.3, 0.24), (0.62, 0.58), (0.36, 0.84)), color)
    pen.blob(((0.0, 0.1), (0.12, -0.4), (0.36, -0.72), (0.66, -0.4), (0.58, -0.1), (0.56, 0.2), (0.24, 0.32)), color)
    pen.blob(
        (
            (0.4, -0.72), (0.1, -0.84), (-0.18, -0.74), (-0.02, -0.62), (-0.3, -0.4), (-0.08, -0.34), (-0.26, -0.06),
            (0.06, -0.02), (0.3, -0.4),
        ),
        mane,
    )  # fmt: skip
    _horse_head(pen, 0.34, -0.66, color)


def _rabbit_face(pen: Pen, x: float, y: float, r: float, fur: Color) -> None:
    """Straight on, without the ears."""
    seamed_oval(pen, x, y, r * 1.08, r * 0.94, fur)
    for side in (-1, 1):
        pen.oval(x + side * r * 0.62, y + r * 0.36, r * 0.22, r * 0.16, mix(fur, PINK, 0.65))
        pen.oval(x + side * r * 0.2, y + r * 0.36, r * 0.3, r * 0.26, WHITE if not _is_white(fur) else (255, 236, 232))
        open_eye(pen, x + side * r * 0.48, y - r * 0.1, r * 0.22)
    pen.box(x - r * 0.15, y + r * 0.5, x + r * 0.15, y + r * 0.82, WHITE)
    pen.line(((x, y + r * 0.44), (x, y + r * 0.8)), r * 0.06, dark(WHITE, 0.45))
    pen.poly(((x - r * 0.2, y + r * 0.14), (x + r * 0.2, y + r * 0.14), (x, y + r * 0.38)), (236, 96, 120))


def rabbit(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    far, pale, inner = _far(color), light(color, 0.65), (248, 160, 172)
    tail = WHITE if not _is_white(color) else (232, 226, 236)
    if pose == "sitting":
        pen.oval(0.58, 0.76, 0.22, 0.21, tail)
        for side in (-1, 1):
            pen.blob(
                (
                    (side * 0.06, -0.36), (side * 0.1, -0.86), (side * 0.28, -1.02), (side * 0.44, -0.82),
                    (side * 0.36, -0.3),
                ),
                color,
            )  # fmt: skip
            pen.blob(
                (
                    (side * 0.17, -0.4),
                    (side * 0.2, -0.76),
                    (side * 0.28, -0.88),
                    (side * 0.35, -0.74),
                    (side * 0.29, -0.4),
                ),
                inner,
            )
        pen.blob(((0, 0.1), (0.44, 0.3), (0.6, 0.72), (0.44, 0.99), (-0.44, 0.99), (-0.6, 0.72), (-0.44, 0.3)), color)
        pen.oval(0, 0.62, 0.27, 0.27, pale)
        for side in (-1, 1):
            pen.oval(side * 0.34, 0.85, 0.32, 0.15, seam(color))
            pen.oval(side * 0.34, 0.88, 0.27, 0.12, light(color, 0.35))
            seamed_oval(pen, side * 0.14, 0.5, 0.13, 0.16, color)
        _rabbit_face(pen, 0, -0.02, 0.5, color)
        return
    pen.line(((0.3, 0.4), (0.58, 0.66), (0.74, 0.6)), 0.16, far)
    pen.line(((-0.4, 0.5), (-0.66, 0.78), (-0.98, 0.86)), 0.17, far)
    pen.oval(-0.78, 0.08, 0.2, 0.19, tail)
    pen.blob(((-0.76, 0.3), (-0.56, -0.06), (-0.1, -0.22), (0.36, -0.14), (0.5, 0.2), (0.2, 0.52), (-0.4, 0.66)), color)
    pen.oval(0.12, 0.36, 0.26, 0.14, pale)
    seamed_oval(pen, -0.4, 0.36, 0.36, 0.3, color, (0.06, -0.03))
    pen.line(((-0.44, 0.56), (-0.5, 0.88), (-0.84, 0.94)), 0.17, light(color, 0.25) if not _is_white(color) else color)
    pen.line(((0.24, 0.36), (0.4, 0.74), (0.62, 0.8)), 0.17, light(color, 0.25) if not _is_white(color) else color)
    pen.blob(((0.42, -0.4), (0.24, -0.7), (0.24, -0.96), (0.44, -0.98), (0.6, -0.72), (0.68, -0.4)), far)
    pen.blob(((0.28, -0.3), (-0.1, -0.48), (-0.34, -0.76), (-0.2, -0.88), (0.14, -0.76), (0.48, -0.42)), color)
    pen.blob(((0.2, -0.44), (-0.08, -0.58), (-0.22, -0.76), (0.06, -0.7), (0.3, -0.52)), inner)
    seamed_oval(pen, 0.5, -0.18, 0.42, 0.38, color, (-0.04, 0.06))
    pen.oval(0.74, -0.02, 0.2, 0.17, WHITE if not _is_white(color) else (255, 236, 232))
    pen.oval(0.48, 0.02, 0.11, 0.08, mix(color, PINK, 0.65))
    pen.oval(0.88, -0.1, 0.09, 0.08, (236, 96, 120))
    open_eye(pen, 0.56, -0.24, 0.11)


def _ear(pen: Pen, side: int, x: float, y: float, r: float, skin: Color, toward: Point) -> None:
    """An elephant's, hanging outwards from (x, y)."""

    def outline(s: float) -> tuple[Point, ...]:
        return (
            (x, y - r * 0.6 * s), (x + side * r * 0.7 * s, y - r * 0.95 * s), (x + side * r * 1.2 * s, y - r * 0.3 * s),
            (x + side * r * 1.0 * s, y + r * 0.65 * s), (x + side * r * 0.35 * s, y + r * 0.8 * s), (x, y + r * 0.4 * s),
        )  # fmt: skip

    seamed_blob(pen, outline(1.0), skin, toward)
    pen.blob(outline(0.68), mix(skin, (250, 150, 160), 0.6))


def elephant(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    far, nail, tusk = _far(color), light(color, 0.75), (255, 250, 232)
    if pose == "standing":
        pen.line(((-0.78, -0.06), (-0.96, 0.2), (-0.94, 0.46)), 0.09, far, curve=True)
        pen.oval(-0.94, 0.5, 0.08, 0.1, dark(color, 0.6))
        for x in (-0.3, 0.4):
            pen.line(((x, 0.4), (x, 0.86)), 0.27, far)
        pen.blob(
            ((-0.86, 0.1), (-0.66, -0.4), (-0.2, -0.56), (0.3, -0.44), (0.46, 0.2), (0.3, 0.54), (-0.76, 0.54)), color
        )
        for x in (-0.66, 0.1):
            pen.line(((x, 0.4), (x, 0.82)), 0.36, color)
            for shift in (-0.11, 0.0, 0.11):
                pen.oval(x + shift, 0.95, 0.055, 0.06, nail)
        seamed_oval(pen, 0.46, -0.4, 0.48, 0.5, color, (-0.04, 0.07))
        pen.line(((0.76, -0.3), (0.86, 0.1), (0.8, 0.48), (0.88, 0.68), (1.04, 0.56)), 0.25, color, curve=True)
        for x, y in ((0.9, 0.14), (0.87, 0.32)):
            pen.line(((x - 0.1, y), (x + 0.06, y)), 0.06, seam(color))
        pen.blob(((0.48, -0.06), (0.66, -0.02), (0.72, 0.14), (0.66, 0.34), (0.52, 0.2)), tusk)
        _ear(pen, -1, 0.42, -0.36, 0.54, color, (-0.06, 0.05))
        open_eye(pen, 0.68, -0.46, 0.11)
        return
    for side in (-1, 1):
        _ear(pen, side, side * 0.3, -0.36, 0.56, color, (0, 0.07))
    pen.blob(((0, -0.1), (0.44, 0.2), (0.62, 0.66), (0.5, 0.98), (-0.5, 0.98), (-0.62, 0.66), (-0.44, 0.2)), color)
    pen.oval(0, 0.66, 0.36, 0.3, light(color, 0.35))
    for side in (-1, 1):
        seamed_blob(
            pen,
            ((side * 0.36, 0.06), (side * 0.62, 0.3), (side * 0.52, 0.56), (side * 0.3, 0.56), (side * 0.26, 0.26)),
            color,
            (-side * 0.06, 0.04),
        )
        seamed_oval(pen, side * 0.56, 0.78, 0.26, 0.22, color, (-side * 0.04, -0.05))
        pen.oval(side * 0.56, 0.82, 0.13, 0.11, mix(color, (250, 150, 160), 0.6))
    pen.oval(0, -0.33, 0.57, 0.5, seam(color))
    pen.oval(0, -0.38, 0.5, 0.48, color)
    for side in (-1, 1):
        pen.poly(((side * 0.2, -0.06), (side * 0.36, -0.12), (side * 0.38, 0.2)), tusk)
        open_eye(pen, side * 0.26, -0.46, 0.1)
    trunk = ((0, -0.3), (0.0, 0.1), (0.1, 0.4), (0.34, 0.42), (0.44, 0.2))
    pen.line(trunk, 0.3, seam(color), curve=True)
    pen.line(trunk, 0.22, color, curve=True)


def _fox_face(pen: Pen, x: float, y: float, r: float, fur: Color) -> None:
    """Straight on: big ears, white cheeks that end in points, a small black nose low down."""
    cheek = WHITE if not _is_white(fur) else (206, 214, 232)
    tip = dark(fur, 0.78) if not _is_white(fur) else (96, 98, 120)
    for side in (-1, 1):
        pen.poly(
            ((x + side * r * 0.94, y - r * 1.4), (x + side * r * 1.02, y - r * 0.1), (x + side * r * 0.1, y - r * 0.6)),
            fur,
        )
        pen.poly(
            (
                (x + side * r * 0.94, y - r * 1.4),
                (x + side * r * 0.98, y - r * 0.8),
                (x + side * r * 0.56, y - r * 1.0),
            ),
            tip,
        )
    face = ((-1.3, 0.2), (-0.86, -0.46), (0, -0.72), (0.86, -0.46), (1.3, 0.2), (0.7, 0.52), (0, 0.98), (-0.7, 0.52))
    seamed_blob(pen, [(x + a * r, y + b * r) for a, b in face], fur)
    for side in (-1, 1):
        cheeks = ((1.24, 0.2), (0.68, 0.04), (0.16, 0.34), (0.0, 0.9), (0.62, 0.48))
        pen.blob([(x + side * a * r, y + b * r) for a, b in cheeks], cheek)
        open_eye(pen, x + side * r * 0.46, y - r * 0.06, r * 0.19)
    pen.oval(x, y + r * 0.8, r * 0.21, r * 0.17, BLACK)


def fox(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    sock, far = (dark(color, 0.7), _far(color)) if not _is_white(color) else ((122, 124, 148), (206, 206, 222))
    tip = WHITE if not _is_white(color) else (176, 184, 210)
    chest = WHITE if not _is_white(color) else (226, 230, 242)
    if pose == "sitting":
        tail = ((0.2, 0.98), (0.7, 1.0), (1.0, 0.72), (1.0, 0.3), (0.74, 0.02), (0.66, 0.34), (0.5, 0.6), (0.2, 0.72))
        pen.blob(tail, color)
        pen.blob(((1.02, 0.36), (0.74, 0.0), (0.62, 0.34), (0.78, 0.46), (0.86, 0.38)), tip)
        body = ((0, -0.2), (0.34, 0.1), (0.5, 0.66), (0.42, 0.99), (-0.46, 0.99), (-0.54, 0.66), (-0.36, 0.1))
        seamed_blob(pen, body, color, (0.06, 0))
        pen.blob(((0, 0.08), (0.26, 0.16), (0.18, 0.46), (0, 0.64), (-0.18, 0.46), (-0.26, 0.16)), chest)
        for side in (-1, 1):
            pen.line(((side * 0.15, 0.6), (side * 0.16, 0.9)), 0.19, sock)
        pen.line(((0, 0.6), (0, 0.96)), 0.06, seam(color))
        _fox_face(pen, 0, -0.36, 0.5, color)
        return
    brush = ((-0.4, 0.06), (-0.56, -0.3), (-0.84, -0.46), (-1.06, -0.3), (-1.0, 0.06), (-0.74, 0.3), (-0.42, 0.28))
    for path in (((-0.38, 0.3), (-0.52, 0.54), (-0.92, 0.72)), ((0.32, 0.3), (0.66, 0.44), (0.98, 0.46))):
        pen.line(path, 0.16, dark(sock, 0.25))
    pen.blob(brush, color)
    pen.blob(
        ((-0.7, -0.46), (-0.96, -0.46), (-1.1, -0.24), (-1.0, 0.06), (-0.9, -0.06), (-0.8, -0.04), (-0.78, -0.22)), tip
    )
    pen.blob(((-0.6, 0.16), (-0.4, -0.02), (0.1, 0.0), (0.5, -0.1), (0.6, 0.2), (0.3, 0.44), (-0.44, 0.42)), color)
    pen.blob(((0.3, 0.1), (0.66, 0.06), (0.62, 0.3), (0.46, 0.42), (0.34, 0.36)), chest)
    for path in (((-0.42, 0.28), (-0.4, 0.6), (-0.74, 0.92)), ((0.16, 0.3), (0.36, 0.62), (0.76, 0.8))):
        pen.line(path[:2], 0.18, color)
        pen.line(((path[0][0] * 0.3 + path[1][0] * 0.7, path[0][1] * 0.3 + path[1][1] * 0.7), *path[1:]), 0.18, sock)
    _fox_face(pen, 0.5, -0.22, 0.4, color)


def _bear_face(pen: Pen, x: float, y: float, r: float, fur: Color, muzzle: Color) -> None:
    for side in (-1, 1):
        pen.oval(x + side * r * 0.8, y - r * 0.72, r * 0.4, r * 0.4, fur)
        pen.oval(x + side * r * 0.8, y - r * 0.7, r * 0.2, r * 0.2, mix(muzzle, PINK, 0.4))
    seamed_oval(pen, x, y, r * 1.1, r * 0.98, fur)
    pen.oval(x, y + r * 0.4, r * 0.54, r * 0.44, muzzle)
    pen.oval(x, y + r * 0.2, r * 0.22, r * 0.16, BLACK)
    pen.arc(x, y + r * 0.42, r * 0.2, 20, 160, r * 0.1, BLACK)
    for side in (-1, 1):
        open_eye(pen, x + side * r * 0.46, y - r * 0.14, r * 0.18, ring=CREAM if _is_black(fur) else None)


def bear(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    far = _far(color)
    muzzle = (240, 222, 206) if _is_white(color) else (222, 178, 128) if _is_black(color) else light(color, 0.6)
    if pose == "sitting":
        pen.blob(((0, -0.1), (0.5, 0.16), (0.66, 0.6), (0.5, 0.98), (-0.5, 0.98), (-0.66, 0.6), (-0.5, 0.16)), color)
        pen.oval(0, 0.56, 0.38, 0.36, muzzle)
        for side in (-1, 1):
            seamed_blob(
                pen,
                ((side * 0.46, 0.06), (side * 0.8, 0.34), (side * 0.74, 0.62), (side * 0.52, 0.6), (side * 0.4, 0.3)),
                color,
                (-side * 0.07, 0.05),
            )
            seamed_oval(pen, side * 0.5, 0.78, 0.28, 0.22, color, (-side * 0.04, -0.06))
            _pads(pen, side * 0.5, 0.82, 0.2, dark(muzzle, 0.4) if not _is_black(color) else muzzle)
        _bear_face(pen, 0, -0.38, 0.52, color, muzzle)
        return
    pen.oval(-0.9, 0.08, 0.1, 0.1, far)
    for x, lean in ((-0.36, 0.08), (0.34, 0.1)):
        pen.line(((x, 0.4), (x + lean, 0.86)), 0.27, far)
    pen.blob(
        ((-0.92, 0.2), (-0.72, -0.24), (-0.2, -0.36), (0.2, -0.5), (0.5, -0.2), (0.46, 0.34), (0.2, 0.5), (-0.7, 0.5)),
        color,
    )
    for x, lean in ((-0.66, -0.06), (0.1, -0.06)):
        pen.line(((x, 0.3), (x + lean, 0.85)), 0.3, color)
        pen.line(((x + lean, 0.88), (x + lean + 0.1, 0.88)), 0.22, color)
        for shift in (0.02, 0.12, 0.22):
            pen.line(((x + lean + shift, 0.93), (x + lean + shift, 0.97)), 0.06, muzzle)
    _bear_face(pen, 0.5, -0.16, 0.43, color, muzzle)


PAINTERS: dict[str, Painter] = {"horse": horse, "rabbit": rabbit, "elephant": elephant, "fox": fox, "bear": bear}
AIRBORNE: frozenset[tuple[str, str]] = frozenset()
MIRRORED: frozenset[str] = frozenset(PAINTERS)
