"""How many changed rules their own examples notice: mutation testing, with mutmut's operators.

mutmut leaves decorated functions alone, and rules are such functions. So its operators are applied
here to every function of a rule module that gives an expression or a verdict, and each mutant is
held against the examples of the rules that use it. A mutant is killed where a good example is found
against, a bad one passes, or the rule crashes.

    pip install mutmut
    python scripts/mutate_rules.py [MODULE]...
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

import libcst as cst
from mutmut.mutation.mutators import mutation_operators

from ae_cli.findings import Outcome
from ae_cli.rules import RULES
from ae_cli.rules.engine import run
from ae_cli.rules.records import of_example
from ae_cli.rules.rule import Rule
from ae_cli.study import Study

Asked = list[tuple[Rule, Study, bool]]  # a rule, the study of an example, and whether it is good
GIVES = ("nw.Expr", "bool")


def main(names: list[str]) -> None:
    modules = [importlib.import_module(name) for name in _modules() if not names or name in names]
    total = killed = 0
    for module in modules:
        survivors = list(_of_module(module))
        total += len(survivors)
        killed += sum(found for found, _ in survivors)
        print(f"{module.__name__}: {sum(f for f, _ in survivors)} of {len(survivors)}", flush=True)
        for found, told in survivors:
            if not found:
                print("   survived:", told)
    print(f"{killed} of {total} mutants killed: {100 * killed / max(total, 1):.1f} %")


def _modules() -> list[str]:
    tests = [rule.test for rule in RULES.values() if rule.test]
    return sorted({test.__module__ for test in tests})


def _of_module(module: ModuleType) -> Iterator[tuple[bool, str]]:
    """Every mutant of a module: whether it was killed, and what was changed."""
    own = {r.test: r for r in RULES.values() if r.test and r.test.__module__ == module.__name__}
    asked = [
        (rule, of_example(example), good)
        for rule in own.values()
        for good, examples in ((True, rule.good), (False, rule.bad))
        for example in examples
    ]
    tree = cst.parse_module(inspect.getsource(module))
    for function in (n for n in tree.body if isinstance(n, cst.FunctionDef) and _gives(n)):
        name = function.name.value
        was = getattr(module, name)
        rule = own.get(was)
        for mutant in _mutants(function):
            changed = _made(module, mutant)
            if rule:
                held = [(replace(rule, test=changed), s, good) for r, s, good in asked if r is rule]
                yield _noticed(held), _told(function, mutant)
                continue
            setattr(module, name, changed)
            yield _noticed(asked), _told(function, mutant)
            setattr(module, name, was)


def _gives(function: cst.FunctionDef) -> bool:
    return bool(function.returns) and cst.Module([]).code_for_node(
        function.returns.annotation
    ) in GIVES  # fmt: skip


def _mutants(function: cst.FunctionDef) -> Iterator[cst.FunctionDef]:
    """The function with one node of its body changed."""
    nodes: list[cst.CSTNode] = []

    class Nodes(cst.CSTVisitor):
        def on_visit(self, node: cst.CSTNode) -> bool:
            words = isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString)
            if words or isinstance(node, cst.Annotation):
                return False
            nodes.append(node)
            return True

    function.body.visit(Nodes())
    for node in nodes:
        for kind, operator in mutation_operators:
            if isinstance(node, kind):
                for changed in operator(node):
                    yield function.deep_replace(node, changed)  # type: ignore[misc]


def _made(module: ModuleType, function: cst.FunctionDef) -> object:
    plain = function.with_changes(decorators=[], leading_lines=[])
    made: dict[str, object] = {}
    exec(compile(cst.Module([plain]).code, module.__name__, "exec"), vars(module), made)
    return made[function.name.value]


def _noticed(held: Asked) -> bool:
    """Whether an example tells the mutant from the rule."""
    for rule, study, good in held:
        try:
            found = run(study, [rule])[0].outcome
        except Exception:
            return True
        right = (Outcome.PASSED, Outcome.NOT_CHECKED) if good else (Outcome.FINDINGS,)
        if found not in right:
            return True
    return False


def _told(function: cst.FunctionDef, mutant: cst.FunctionDef) -> str:
    code = cst.Module([])
    before, after = (code.code_for_node(f.body).splitlines() for f in (function, mutant))
    return f"{function.name.value}: " + " ".join(
        f"{b.strip()} -> {a.strip()}" for b, a in zip(before, after, strict=False) if b != a
    )


if __name__ == "__main__":
    main(sys.argv[1:])
