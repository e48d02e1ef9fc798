"""`python -m strongroom.settings > docs/settings.md` writes the page on settings anew."""

import sys

from strongroom.settings.documentation import render_documentation

sys.stdout.write(render_documentation())
