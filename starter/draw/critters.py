"""Owl, penguin, frog, turtle and butterfly, each in its poses, drawn in the unit box (y down, feet at 1)."""

import random

from starter.draw.animals import PINK, WHITE, open_eye, seam, seamed_blob, seamed_oval
from starter.draw.pen import CREAM, INK, Color, Painter, Pen, dark, light, mix

BEAK: Color = (255, 160, 32)


def _owl_face(pen: Pen, x: float, y: float, r: float, color: Color) -> None:
    """Two tufts, two pale discs, two enormous eyes."""
    shade, disc = _owl_shade(color), light(color, 0.62) if min(color) < 230 else (232, 216, 196)
    for side in (-1, 1):
        pen.poly(
            (
                (x + side * r * 0.95, y - r * 1.2),
                (x + side * r * 1.06, y - r * 0.1),
                (x + side * r * 0.1, y - r * 0.72),
            ),
            shade,
        )
    seamed_oval(pen, x, y, r * 1.16, r * 0.94, color)
    pen.poly(((x - r * 0.5, y - r * 0.9), (x + r * 0.5, y - r * 0.9), (x, y + r * 0.1)), shade)
    for side in (-1, 1):
        pen.oval(x + side * r * 0.5, y, r * 0.56, r * 0.56, disc)
        pen.oval(x + side * r * 0.46, y, r * 0.4, r * 0.4, (255, 206, 40))
        open_eye(pen, x + side * r * 0.44, y, r * 0.25)
    pen.poly(((x - r * 0.18, y + r * 0.22), (x + r * 0.18, y + r * 0.22), (x, y + r * 0.68)), (240, 130, 30))


def _owl_shade(color: Color) -> Color:
    """A snowy owl stays snowy."""
    return dark(color, 0.32) if min(color) < 230 else (204, 202, 218)


def owl(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade, pale = _owl_shade(color), light(color, 0.62) if min(color) < 230 else (240, 226, 208)
    fleck = dark(shade, 0.3) if min(color) > 230 else shade
    if pose == "perched":
        pen.blob(((0, -0.5), (0.5, -0.2), (0.58, 0.3), (0.34, 0.76), (-0.34, 0.76), (-0.58, 0.3), (-0.5, -0.2)), color)
        pen.oval(0, 0.34, 0.36, 0.42, pale)
        for y, xs in ((0.18, (-0.18, 0.0, 0.18)), (0.36, (-0.09, 0.09)), (0.54, (0.0,))):
            for x in xs:
                pen.line(((x - 0.06, y), (x, y + 0.07), (x + 0.06, y)), 0.06, fleck)
        for side in (-1, 1):
            seamed_blob(
                pen,
                ((side * 0.48, -0.14), (side * 0.7, 0.2), (side * 0.6, 0.56), (side * 0.38, 0.72), (side * 0.34, 0.3)),
                shade,
                (-side * 0.05, 0.02),
            )
        pen.line(((-0.96, 0.86), (0.2, 0.9), (0.96, 0.8)), 0.18, (112, 72, 44))
        pen.blob(((0.68, 0.8), (0.76, 0.54), (1.02, 0.5), (0.94, 0.72)), (96, 190, 84))
        for x in (-0.2, 0.2):
            for shift in (-0.08, 0.0, 0.08):
                pen.line(((x + shift, 0.76), (x + shift, 0.88)), 0.08, BEAK)
        _owl_face(pen, 0, -0.38, 0.56, color)
        return
    for side in (-1, 1):
        feathers = (
            (0.1, -0.2), (0.4, -0.34), (0.72, -0.62), (1.0, -0.78), (1.02, -0.4), (0.9, -0.3), (0.92, -0.08), (0.76, -0.02),
            (0.74, 0.22), (0.58, 0.2), (0.5, 0.4), (0.2, 0.36),
        )  # fmt: skip
        pen.blob([(side * x, y) for x, y in feathers], shade)
        coverts = ((0.1, -0.22), (0.4, -0.34), (0.74, -0.6), (0.86, -0.5), (0.66, -0.12), (0.44, 0.1), (0.2, 0.2))
        pen.blob([(side * x, y) for x, y in coverts], color)
    pen.poly(((-0.14, 0.5), (0.14, 0.5), (0.34, 0.94), (0.0, 0.86), (-0.34, 0.94)), shade)
    pen.blob(((0, -0.4), (0.34, -0.1), (0.34, 0.34), (0, 0.7), (-0.34, 0.34), (-0.34, -0.1)), color)
    pen.oval(0, 0.26, 0.22, 0.28, pale)
    for side in (-1, 1):
        pen.line(((side * 0.13, 0.56), (side * 0.16, 0.7)), 0.13, BEAK)
    for x, y in ((-0.09, 0.26), (0.09, 0.26), (0.0, 0.4)):
        pen.line(((x - 0.06, y), (x, y + 0.07), (x + 0.06, y)), 0.06, fleck)
    _owl_face(pen, 0, -0.24, 0.44, color)


def _penguin_face(pen: Pen, x: float, y: float, hood: Color | None) -> None:
    """White patches, big eyes and a beak; `hood` is a head of its own behind them."""
    if hood:
        seamed_oval(pen, x, y, 0.5, 0.46, hood, (-0.03, 0.07))
    y += 0.07 if hood else 0.0
    for side in (-1, 1):
        pen.oval(x + side * 0.2, y, 0.25, 0.28, WHITE)
        pen.oval(x + side * 0.32, y + 0.22, 0.1, 0.08, PINK)
        open_eye(pen, x + side * 0.2, y - 0.04, 0.11)
    pen.blob(((x - 0.18, y + 0.08), (x, y), (x + 0.18, y + 0.08), (x, y + 0.32)), BEAK)


def penguin(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    back = dark(color, 0.2) if sum(color) < 250 else color
    white, flipper = (252, 250, 246), light(color, 0.22) if sum(color) < 250 else dark(color, 0.35)
    if pose == "standing":
        for side in (-1, 1):
            pen.oval(side * 0.28, 0.92, 0.27, 0.1, BEAK)
        for side, lift in ((-1, 0.0), (1, -0.34)):  # the one on the right waves
            pen.blob(
                (
                    (side * 0.4, -0.06), (side * 0.7, 0.2 + lift), (side * 0.92, 0.5 + lift * 2.2),
                    (side * 0.78, 0.56 + lift * 1.6), (side * 0.46, 0.36),
                ),
                flipper,
            )  # fmt: skip
        pen.blob(
            (
                (0, -0.98), (0.42, -0.82), (0.52, -0.4), (0.58, 0.2), (0.54, 0.66), (0.26, 0.92), (-0.26, 0.92),
                (-0.54, 0.66), (-0.58, 0.2), (-0.52, -0.4), (-0.42, -0.82),
            ),
            back,
        )  # fmt: skip
        pen.blob(
            ((0, -0.2), (0.36, 0.04), (0.42, 0.46), (0.26, 0.8), (-0.26, 0.8), (-0.42, 0.46), (-0.36, 0.04)), white
        )
        _penguin_face(pen, 0.0, -0.5, None)
        return
    for path in (((-0.7, 0.6), (-0.94, 0.34)), ((-0.7, 0.74), (-0.98, 0.62))):
        pen.line(path, 0.17, BEAK)
    pen.blob(((0.2, 0.4), (-0.12, 0.0), (-0.34, -0.34), (-0.5, -0.3), (-0.46, 0.0), (-0.2, 0.5)), flipper)
    pen.blob(((-0.86, 0.7), (-0.6, 0.36), (-0.1, 0.2), (0.5, 0.2), (0.86, 0.6), (0.7, 0.94), (-0.5, 0.98)), back)
    pen.blob(((-0.76, 0.84), (-0.1, 0.72), (0.6, 0.6), (0.86, 0.76), (0.66, 0.99), (-0.5, 1.0)), white)
    _penguin_face(pen, 0.46, 0.14, back)
    pen.blob(((0.0, 0.56), (-0.3, 0.56), (-0.66, 0.76), (-0.7, 0.9), (-0.4, 0.88), (0.02, 0.78)), flipper)


def frog(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    shade, pale = dark(color, 0.26), light(color, 0.62)
    mouth = dark(color, 0.62)
    if pose == "sitting":
        for side in (-1, 1):
            pen.blob(
                ((side * 0.4, 0.3), (side * 0.76, 0.3), (side * 0.96, 0.6), (side * 0.82, 0.86), (side * 0.4, 0.86)),
                shade,
            )
            for shift in (-0.16, 0.0, 0.16):
                pen.oval(side * 0.8 + shift, 0.91, 0.11, 0.085, light(color, 0.2))
        pen.blob(((0, 0), (0.5, 0.1), (0.56, 0.5), (0.36, 0.84), (-0.36, 0.84), (-0.56, 0.5), (-0.5, 0.1)), color)
        pen.oval(0, 0.48, 0.36, 0.34, pale)
        for side in (-1, 1):
            pen.line(((side * 0.36, 0.4), (side * 0.26, 0.86)), 0.27, seam(color))
            pen.line(((side * 0.38, 0.38), (side * 0.27, 0.86)), 0.2, color)
            for shift in (-0.14, 0.0, 0.14):
                pen.oval(side * 0.28 + shift, 0.91, 0.1, 0.085, light(color, 0.2))
        for side in (-1, 1):
            pen.oval(side * 0.42, -0.6, 0.34, 0.34, color)
        seamed_oval(pen, 0, -0.16, 0.82, 0.48, color)
        for side in (-1, 1):
            pen.oval(side * 0.42, -0.6, 0.24, 0.25, WHITE)
            open_eye(pen, side * 0.4, -0.58, 0.15)
            pen.oval(side * 0.6, -0.02, 0.12, 0.08, PINK)
            pen.oval(side * 0.1, -0.2, 0.035, 0.04, mouth)
        pen.line(((-0.5, -0.08), (-0.26, 0.1), (0, 0.15), (0.26, 0.1), (0.5, -0.08)), 0.08, mouth, curve=True)
        return

    def foot(x: float, y: float, dx: float, dy: float, tone: Color) -> None:
        for a, b in ((1.0, 0.0), (0.8, 0.6), (0.8, -0.6)):
            pen.line(((x, y), (x + (dx * a - dy * b) * 0.17, y + (dy * a + dx * b) * 0.17)), 0.1, tone)

    for path, tone in (
        (((-0.3, 0.2), (-0.6, 0.34), (-0.92, 0.34)), shade),
        (((0.36, 0.2), (0.66, 0.3), (0.92, 0.14)), shade),
    ):
        pen.line(path, 0.17, tone)
        foot(*path[-1], (path[-1][0] - path[-2][0]) * 2.4, (path[-1][1] - path[-2][1]) * 2.4, tone)
    pen.blob(((-0.56, 0.36), (-0.3, -0.04), (0.2, -0.3), (0.6, -0.2), (0.5, 0.2), (0.1, 0.46), (-0.3, 0.58)), color)
    pen.blob(((-0.3, 0.52), (0.1, 0.24), (0.56, 0.06), (0.46, 0.28), (0.1, 0.5)), pale)
    for path in (((-0.3, 0.3), (-0.46, 0.66), (-0.8, 0.82)), ((0.2, 0.24), (0.32, 0.54), (0.58, 0.58))):
        pen.line(path, 0.19, color)
        foot(*path[-1], (path[-1][0] - path[-2][0]) * 2.6, (path[-1][1] - path[-2][1]) * 2.6, color)
    pen.oval(0.2, -0.52, 0.22, 0.23, color)
    seamed_blob(
        pen, ((0.0, -0.34), (0.3, -0.54), (0.7, -0.52), (0.94, -0.3), (0.84, -0.02), (0.5, 0.08), (0.14, 0.02)), color
    )
    for x, y in ((0.24, -0.56), (0.6, -0.6)):
        pen.oval(x, y, 0.23, 0.24, color)
        pen.oval(x + 0.01, y, 0.17, 0.18, WHITE)
        open_eye(pen, x + 0.04, y, 0.12)
    pen.line(((0.36, -0.14), (0.6, -0.06), (0.88, -0.2)), 0.07, mouth, curve=True)


def turtle(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    skin = mix(light(color, 0.3), (202, 222, 104), 0.72)
    far, plate, rim = dark(skin, 0.28), dark(color, 0.4), light(color, 0.5)
    if pose == "walking":
        for x, lean in ((-0.26, 0.06), (0.34, 0.12)):
            pen.line(((x, 0.5), (x + lean, 0.86)), 0.22, far)
        pen.line(((-0.7, 0.54), (-0.96, 0.66)), 0.14, skin)
        pen.line(((0.4, 0.44), (0.64, 0.24), (0.68, 0.0)), 0.3, skin, curve=True)
        for x, lean in ((-0.56, -0.1), (0.08, -0.06)):
            pen.line(((x, 0.5), (x + lean, 0.82)), 0.3, skin)
            pen.line(((x + lean, 0.87), (x + lean + 0.1, 0.87)), 0.25, skin)
        pen.blob(((-0.88, 0.46), (-0.76, -0.06), (-0.36, -0.52), (0.08, -0.52), (0.44, -0.06), (0.54, 0.46)), color)
        pen.poly(((-0.3, -0.38), (0.0, -0.38), (0.12, -0.02), (-0.15, 0.22), (-0.42, -0.02)), plate)
        pen.poly(((-0.5, -0.26), (-0.56, 0.04), (-0.38, 0.32), (-0.76, 0.32), (-0.68, -0.02)), plate)
        pen.poly(((0.2, -0.26), (0.26, 0.04), (0.08, 0.32), (0.44, 0.32), (0.36, -0.02)), plate)
        pen.line(((-0.84, 0.48), (0.52, 0.48)), 0.18, rim)
        pen.oval(0.7, -0.14, 0.34, 0.33, skin)
        open_eye(pen, 0.78, -0.22, 0.11)
        pen.arc(0.84, -0.1, 0.14, 20, 120, 0.065, dark(skin, 0.6))
        pen.oval(0.6, -0.02, 0.09, 0.07, PINK)
        return
    pen.blob(((0.2, -0.1), (0.1, -0.56), (-0.2, -0.9), (-0.36, -0.84), (-0.2, -0.5), (-0.2, -0.1)), far)
    pen.blob(((-0.6, 0.1), (-0.86, -0.1), (-1.02, -0.06), (-0.9, 0.16), (-0.66, 0.26)), far)
    pen.line(((0.4, 0.06), (0.7, -0.1)), 0.28, skin)
    pen.blob(
        ((-0.88, 0.16), (-0.6, -0.32), (-0.06, -0.5), (0.44, -0.26), (0.54, 0.16), (0.2, 0.38), (-0.4, 0.4)), color
    )
    for x in (-0.46, -0.06, 0.32):
        pen.poly(((x - 0.18, -0.12), (x - 0.02, -0.3), (x + 0.13, -0.12), (x + 0.07, 0.12), (x - 0.15, 0.12)), plate)
    pen.line(((-0.82, 0.2), (-0.4, 0.32), (0.2, 0.32), (0.52, 0.18)), 0.15, rim, curve=True)
    seamed_blob(pen, ((-0.6, 0.24), (-0.8, 0.3), (-1.0, 0.56), (-0.86, 0.6), (-0.5, 0.4)), skin)
    seamed_blob(pen, ((0.4, 0.18), (0.2, 0.6), (-0.2, 0.92), (-0.4, 0.86), (-0.2, 0.56), (0.06, 0.2)), skin)
    pen.oval(0.74, -0.16, 0.3, 0.29, skin)
    open_eye(pen, 0.8, -0.22, 0.1)
    pen.arc(0.86, -0.12, 0.12, 20, 120, 0.06, dark(skin, 0.6))
    pen.oval(0.66, -0.06, 0.08, 0.06, PINK)


def butterfly(pen: Pen, color: Color, pose: str, rng: random.Random) -> None:
    edge, inner, spot = dark(color, 0.72), light(color, 0.5), CREAM
    if pose == "resting":
        leaf, petal = (66, 156, 76), (250, 240, 246) if color[2] > 90 else (250, 150, 190)
        pen.line(((0.06, 0.95), (0.06, 0.5)), 0.12, leaf)
        for side, out in ((1, 0.44), (-1, 0.36)):
            x, y = 0.06 + side * out, 0.8 - 0.06 * side
            pen.blob(((0.06, 0.98), (0.06 + side * 0.16, 0.82), (x, y), (x - side * 0.1, 0.95)), leaf)
        for x, y in ((-0.36, 0.5), (-0.22, 0.66), (0.06, 0.72), (0.34, 0.66), (0.48, 0.5)):
            pen.line(((0.06, 0.48), (x, y)), 0.2, petal)
        pen.oval(0.06, 0.46, 0.28, 0.14, (252, 196, 40) if color[0] < 240 else (206, 120, 40))
        fore = ((0.14, 0.14), (0.34, -0.38), (0.32, -0.88), (0.12, -1.02), (-0.28, -0.8), (-0.48, -0.38), (-0.2, -0.02))
        hind = ((0.12, 0.18), (-0.2, -0.16), (-0.58, -0.34), (-0.92, -0.2), (-0.88, 0.16), (-0.56, 0.34), (-0.1, 0.3))
        pen.blob([(x + 0.22, y + 0.05) for x, y in fore], edge)
        pen.blob([(0.3 + (x - 0.14) * 0.8, y * 0.84 - 0.05) for x, y in fore], dark(color, 0.2))
        for wing, (x, y), spots in (
            (hind, (-0.34, 0.06), ((-0.76, -0.12), (-0.74, 0.12))), (fore, (0.02, -0.44), ((0.15, -0.86), (-0.18, -0.66))),
        ):  # fmt: skip
            pen.blob(wing, edge)
            pen.blob([(x + (a - x) * 0.77, y + (b - y) * 0.77) for a, b in wing], color)
            pen.oval(x, y - 0.04, 0.14, 0.14, inner)
            for a, b in spots:
                pen.oval(a, b, 0.06, 0.06, spot)
        pen.line(((-0.36, 0.4), (0.1, 0.32), (0.36, 0.14)), 0.18, INK, curve=True)
        for x, y in ((0.64, -0.3), (0.88, -0.14)):
            pen.line(((0.46, 0.04), (x - 0.08, y + 0.1), (x, y)), 0.06, INK)
            pen.oval(x, y, 0.07, 0.07, INK)
        pen.oval(0.46, 0.06, 0.18, 0.18, INK)
        pen.oval(0.53, 0.03, 0.07, 0.08, WHITE)
        return
    for side in (-1, 1):
        upper = ((0.05, 0.06), (0.2, -0.5), (0.66, -0.9), (0.98, -0.8), (0.96, -0.3), (0.6, 0.08))
        lower = ((0.05, 0.04), (0.5, 0.08), (0.8, 0.34), (0.7, 0.78), (0.4, 0.86), (0.14, 0.5))
        for half, (x, y) in ((lower, (0.46, 0.4)), (upper, (0.56, -0.38))):
            pen.blob([(side * a, b) for a, b in half], edge)
            pen.blob([(side * (x + (a - x) * 0.82), y + (b - y) * 0.82) for a, b in half], color)
        pen.oval(side * 0.6, -0.4, 0.17, 0.17, inner)
        pen.oval(side * 0.5, 0.42, 0.13, 0.13, inner)
        for x, y in ((0.9, -0.66), (0.88, -0.42), (0.7, 0.6)):
            pen.oval(side * x, y, 0.06, 0.06, spot)
        pen.line(((side * 0.05, -0.4), (side * 0.14, -0.74), (side * 0.3, -0.86)), 0.06, INK, curve=True)
        pen.oval(side * 0.3, -0.86, 0.07, 0.07, INK)
    pen.line(((0, -0.2), (0, 0.56)), 0.19, INK)
    pen.oval(0, -0.34, 0.17, 0.17, INK)
    for side in (-1, 1):
        pen.oval(side * 0.07, -0.36, 0.05, 0.06, WHITE)


PAINTERS: dict[str, Painter] = {"owl": owl, "penguin": penguin, "frog": frog, "turtle": turtle, "butterfly": butterfly}
AIRBORNE: frozenset[tuple[str, str]] = frozenset(
    {("owl", "flying"), ("frog", "leaping"), ("turtle", "swimming"), ("butterfly", "fluttering")}
)
MIRRORED: frozenset[str] = frozenset(PAINTERS)
