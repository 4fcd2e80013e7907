"""A release in the layout of MedDRA's files in which nothing is MedDRA's.

Rules show their examples by it, and tests write it to a folder. Codes of MedDRA have eight digits.
"""

from __future__ import annotations

FILES = {
    "meddra_release.asc": "1.0$Invented$$$$",
    "llt.asc": """\
101$Blue elbow$101$$$$$$$Y$$
102$Bluish elbow$101$$$$$$$Y$$
103$Elbow blueness$101$$$$$$$N$$
104$Green knee$104$$$$$$$Y$$""",
    "pt.asc": """\
101$Blue elbow$$401$$$$$$$$
104$Green knee$$401$$$$$$$$""",
    "hlt.asc": """\
201$Elbow colours$$$$$$$$
202$Knee colours$$$$$$$$
203$Colours of limbs$$$$$$$$""",
    "hlgt.asc": """\
301$Elbow matters$$$$$$$$
302$Knee matters$$$$$$$$
303$Colour matters$$$$$$$$""",
    "soc.asc": """\
401$Limb inventions$Limb$$$$$$$$
402$Colour inventions$Colour$$$$$$$$""",
    "mdhier.asc": """\
101$201$301$401$Blue elbow$Elbow colours$Elbow matters$Limb inventions$Limb$$401$Y$
101$203$303$402$Blue elbow$Colours of limbs$Colour matters$Colour inventions$Colour$$401$N$
104$202$302$401$Green knee$Knee colours$Knee matters$Limb inventions$Limb$$401$Y$""",
}
