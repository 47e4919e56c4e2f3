"""What every instrument is made of: controls, states made valid, answers to requests, words and marks.

Knows no instrument and no subject.
"""

from instruments.kit.answer import cell_in, load, respond, state_after, work
from instruments.kit.answer import names as instruments
from instruments.kit.controls import Button, Choice, Control, Number, Option, Picture, Region, Slider, Toggle
from instruments.kit.grid import Grid, grid_table
from instruments.kit.marks import (
    box,
    folded,
    fraction,
    magnitude_levels,
    magnitude_name,
    number,
    panels,
    percent,
    plain,
    readouts,
    runs,
    scrolling,
    signed_class,
    signed_levels,
    signed_name,
    svg,
    table,
    table_head,
    words,
)
from instruments.kit.pictures import decoded, png_url
from instruments.kit.values import parsed

__all__ = [
    "Button",
    "Choice",
    "Control",
    "Grid",
    "Number",
    "Option",
    "Picture",
    "Region",
    "Slider",
    "Toggle",
    "box",
    "cell_in",
    "decoded",
    "folded",
    "fraction",
    "grid_table",
    "instruments",
    "load",
    "magnitude_levels",
    "magnitude_name",
    "number",
    "panels",
    "parsed",
    "percent",
    "plain",
    "png_url",
    "readouts",
    "respond",
    "runs",
    "scrolling",
    "signed_class",
    "signed_levels",
    "signed_name",
    "state_after",
    "svg",
    "table",
    "table_head",
    "words",
    "work",
]
