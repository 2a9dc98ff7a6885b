"""Draws the pictures of the demo's products: `python -m scripts.demo_pictures`. The same shapes give the same files."""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

from .host.paths import ROOT

FOLDER = ROOT / "fba_connector" / "static" / "img" / "demo"
SIZE, FINER = 256, 4  # pixels; drawn four times as large, for smooth edges
COLORS = 48

GROUND = "#f3f1ec"
OAK, OAK_DARK = "#c8965a", "#8f6233"
STEEL, DARK = "#8d97a1", "#39424b"
SHADE, LIGHT = "#e0a030", "#fff0c4"
CLOTH, CLOTH_DARK = "#4f7f8f", "#355a67"
RED, RED_DARK = "#b5533f", "#84392a"


def desk(box, _line, _polygon):
    box(30, 96, 226, 112, OAK)
    box(42, 112, 54, 206, OAK_DARK)
    box(202, 112, 214, 206, OAK_DARK)
    box(136, 112, 202, 160, OAK_DARK)
    box(140, 116, 198, 134, OAK)
    box(140, 138, 198, 156, OAK)
    box(162, 123, 176, 127, DARK)
    box(162, 145, 176, 149, DARK)


def lamp(box, line, polygon):
    box(52, 198, 116, 210, DARK)
    line([(84, 200), (84, 92), (96, 62), (122, 46), (152, 50), (176, 78)], 7, STEEL)
    polygon([(176, 72), (148, 114), (214, 114)], SHADE)
    polygon([(148, 114), (214, 114), (204, 124), (158, 124)], LIGHT)


def chair(box, line, polygon):
    line([(74, 172), (60, 214)], 9, OAK_DARK)
    line([(182, 172), (196, 214)], 9, OAK_DARK)
    polygon([(66, 56), (190, 56), (184, 140), (72, 140)], CLOTH)
    box(62, 136, 194, 176, CLOTH_DARK)
    box(44, 104, 70, 176, CLOTH)
    box(186, 104, 212, 176, CLOTH)


def stool(box, line, _polygon):
    line([(98, 84), (78, 214)], 9, STEEL)
    line([(158, 84), (178, 214)], 9, STEEL)
    line([(88, 156), (168, 156)], 7, STEEL)
    box(76, 62, 180, 88, RED)
    box(76, 80, 180, 88, RED_DARK)


def shelf(box, line, _polygon):
    for top in (84, 150):
        box(38, top, 218, top + 12, OAK)
        line([(64, top + 12), (64, top + 30)], 7, OAK_DARK)
        line([(192, top + 12), (192, top + 30)], 7, OAK_DARK)
    for left, top, color in ((70, 48, RED), (84, 42, CLOTH), (98, 52, DARK), (150, 112, SHADE), (164, 118, STEEL)):
        box(left, top, left + 12, 84 if top < 84 else 150, color)


PICTURES = {"desk": desk, "lamp": lamp, "chair": chair, "stool": stool, "shelf": shelf}


def draw(picture) -> Image.Image:
    image = Image.new("RGB", (SIZE * FINER, SIZE * FINER), GROUND)
    pen = ImageDraw.Draw(image)

    def finer(points):
        return [(x * FINER, y * FINER) for x, y in points]

    def box(left, top, right, bottom, color):
        pen.rounded_rectangle(finer([(left, top), (right, bottom)]), radius=3 * FINER, fill=color)

    def line(points, width, color):
        pen.line(finer(points), fill=color, width=width * FINER, joint="curve")

    def polygon(points, color):
        pen.polygon(finer(points), fill=color)

    picture(box, line, polygon)
    small = image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    return small.quantize(COLORS, dither=Image.Dither.NONE)


def main(folder: Path = FOLDER) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in PICTURES.items():
        draw(picture).save(folder / f"{name}.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
