"""`python -m demo` runs the demo."""

import sys

from demo.run import main

sys.exit(main())
