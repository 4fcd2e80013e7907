"""python -m ae_cli"""

from ae_cli.cli import main

main()
