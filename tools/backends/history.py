"""A conversation's drafts as a tree, and the tree as text: every draft with its request, its changes and its pictures.

Pure. A draft that alone goes on from its parent stays in its line; where several do, each begins a branch one step deeper.
So twenty changes one after another are one straight line, and going back is seen where it happened.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from tools.backends.records import Check, Draft, Picture, Tree, TreeNode

MARKS = {"added": "+", "removed": "−", "replaced": "~"}
VERDICTS = {"up": "👍", "down": "👎"}


def roots(drafts: Iterable[Draft]) -> dict[int, int]:
    """The number of each draft → that of the draft which its idea began with."""
    began: dict[int, int] = {}
    for draft in drafts:  # a parent is older than its child, as in `tree`
        began[draft.number] = began.get(draft.parent or 0, draft.number)
    return began


def tree(drafts: Sequence[Draft], pictures: Iterable[Picture] = (), current: Draft | None = None) -> Tree:
    """The tree of a conversation. A draft's depth is the number of forks above it; new ideas are at 0."""
    made: dict[int | None, list[str]] = {}
    for picture in pictures:
        made.setdefault(picture.draft, []).append(picture.name)
    numbers = {draft.number for draft in drafts}
    children: dict[int | None, list[Draft]] = {}
    for draft in drafts:
        # a parent is older than its child: anything else, which only a stranger's file could say, is a new idea
        parent = draft.parent if draft.parent in numbers and (draft.parent or 0) < draft.number else None
        children.setdefault(parent, []).append(draft)
    nodes: list[TreeNode] = []
    waiting = [(root, 0) for root in reversed(children.get(None, []))]
    while waiting:
        draft, depth = waiting.pop()
        names = tuple(made.get(draft.number, ()))
        is_here = current is not None and draft.number == current.number
        nodes.append(TreeNode(draft=draft, depth=depth, pictures=names, current=is_here))
        after = children.get(draft.number, [])
        waiting += [(child, depth + (len(after) > 1)) for child in reversed(after)]
    return Tree(nodes=tuple(nodes))


def lines(
    of: Tree,
    *,
    favourites: Iterable[str] = (),
    ratings: Mapping[str, str] | None = None,
    checks: Mapping[str, Check] | None = None,
    clean: Callable[[str], str] = str,
    longest: int = 90,
) -> list[str]:
    """The tree as lines of text: ★ is saved, 👍 and 👎 are verdicts, "not seen" is what a check missed.

    Args:
        clean: What every word that people or strangers wrote goes through.
        longest: Characters of a request or a list of changes.
    """
    saved, verdicts, checked = set(favourites), ratings or {}, checks or {}
    by_number = {node.draft.number: node for node in of.nodes}
    text: list[str] = []
    for node in of.nodes:
        parent = by_number.get(node.draft.parent or 0)
        indent = "   " * node.depth
        if parent is not None and node.depth > parent.depth:
            indent = indent[:-3] + "└─ "  # where a branch begins
        pictures = [_picture(name, saved, verdicts, checked, clean) for name in node.pictures]
        head = f"{indent}draft {node.draft.number}"
        if parent is not None and node.depth > parent.depth:
            head += f" from draft {parent.draft.number}"
        head += f" → {', '.join(pictures)}" if pictures else " (not rendered)"
        text.append(head + (" ← here" if node.current else ""))
        under = "   " * node.depth + "   "
        if node.draft.request:
            text.append(f"{under}“{_cut(clean(node.draft.request), longest)}”")
        what = _changes(node, parent, clean)
        if what:
            text.append(under + _cut(what, longest))
        if node.draft.locked:
            text.append(f"{under}locked: {_cut(', '.join(clean(p) for p in node.draft.locked), longest)}")
    return text


def _picture(
    name: str, saved: set[str], verdicts: Mapping[str, str], checked: Mapping[str, Check], clean: Callable[[str], str]
) -> str:
    marks = ("★" if name in saved else "") + VERDICTS.get(verdicts.get(name, ""), "")
    text = f"{name} {marks}".rstrip()
    found = [
        f"{kind}: {', '.join(clean(p) for p in phrases)}"
        for kind, phrases in (
            ("not seen", checked[name].missing if name in checked else ()),
            ("to stay out, but seen", checked[name].unwanted if name in checked else ()),
        )
        if phrases
    ]
    return f"{text} ({'; '.join(found)})" if found else text


def _changes(node: TreeNode, parent: TreeNode | None, clean: Callable[[str], str]) -> str:
    """What the draft changed; of a new idea, its prompt."""
    draft = node.draft
    parts = []
    for change in draft.changes:
        was = f"{clean(change.was)} → " if change.kind == "replaced" and change.was else ""
        parts.append(f"{MARKS[change.kind]} {was}{clean(change.phrase)}")
    if parent is None or not parts:
        same = parent is not None and parent.draft.prompt == draft.prompt
        parts = ["the prompt stays"] if same else [clean(draft.prompt)]
    before = parent.draft.negative_prompt if parent is not None else ""
    if draft.negative_prompt != before:
        parts.append(f"without: {clean(draft.negative_prompt) or 'nothing'}")
    return ", ".join(parts)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
