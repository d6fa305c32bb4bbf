"""The text of a syntax tree does not tell which version of Python parsed it."""

import ast

import pytest

from aelatent.runtime.syntax import normal_form

# As `ast.dump` of Python 3.11 writes them: stored digests are those of such texts.
WRITTEN = {
    "def f(x, *, y): return": (
        "FunctionDef(name='f', args=arguments(posonlyargs=[], args=[arg(arg='x')], "
        "kwonlyargs=[arg(arg='y')], kw_defaults=[None], defaults=[]), body=[Return()], "
        "decorator_list=[])"
    ),
    "class A: x: int": (
        "ClassDef(name='A', bases=[], keywords=[], body=[AnnAssign(target=Name(id='x', "
        "ctx=Store()), annotation=Name(id='int', ctx=Load()), simple=1)], decorator_list=[])"
    ),
    "{**a, u'b': None}": (
        "Expr(value=Dict(keys=[None, Constant(value='b', kind='u')], values=[Name(id='a', "
        "ctx=Load()), Constant(value=None)]))"
    ),
    "f'{x:{y}}'": (
        "Expr(value=JoinedStr(values=[FormattedValue(value=Name(id='x', ctx=Load()), "
        "conversion=-1, format_spec=JoinedStr(values=[FormattedValue(value=Name(id='y', "
        "ctx=Load()), conversion=-1)]))]))"
    ),
    "match x:\n    case None: pass": (
        "Match(subject=Name(id='x', ctx=Load()), "
        "cases=[match_case(pattern=MatchSingleton(value=None), body=[Pass()])])"
    ),
}


@pytest.mark.parametrize("source", WRITTEN)
def test_a_statement_has_the_text_of_python_3_11(source):
    (statement,) = ast.parse(source).body

    assert normal_form(statement) == WRITTEN[source]


@pytest.mark.parametrize("source", ["def f(): pass", "class A: pass", "async def f(): pass"])
def test_an_empty_field_of_later_versions_is_not_written(source, monkeypatch):
    (definition,) = ast.parse(source).body
    fields = [name for name in definition._fields if name != "type_params"]
    monkeypatch.setattr(type(definition), "_fields", (*fields, "type_params"))
    definition.type_params = []

    written = normal_form(definition)

    assert "type_params" not in written
    definition.type_params = [ast.Name("T", ast.Load())]
    assert normal_form(definition) == f"{written[:-1]}, type_params=[Name(id='T', ctx=Load())])"


def test_an_empty_end_of_an_f_string_is_not_written():
    """Python 3.12 parses one after a format that is itself computed."""
    tree = ast.parse("f'{x:{y}}'", mode="eval")
    written = normal_form(tree)
    tree.body.values[0].format_spec.values.append(ast.Constant(""))

    assert normal_form(tree) == written
