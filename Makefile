# A thin face over dev.py; `make test ARGS="-k grade"` passes words on.
PYTHON ?= python3

.PHONY: help demo test check bench lock golden
help demo test check bench lock golden:
	@$(PYTHON) dev.py $@ $(ARGS)
