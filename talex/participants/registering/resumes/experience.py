"""Posts of a CV: position, employer, from when until when, what was done."""
# Patterns read best a subject a line, and Chinese signs count double:
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Sequence

from talex.participants.registering.resumes.entries import BULLET, Entry, entries
from talex.participants.registering.resumes.sections import pieces
from talex.participants.registering.resumes.stated import is_total
from talex.participants.registering.resumes.wrapped import unwrapped

_EMPLOYER = re.compile(
    r"公司|集团|银行|研究院|研究所|研究中心|医院|大学|学院|学校|工厂|制造厂|局$|事务所|工作室|科技$|实验室|中学|股份|"
    r"\bgmbh\b|(?-i:\bAG\b|\bSE\b|\bKG\b|\bKGaA\b)|\be\.\s?V\.|\bltd\b\.?|\bltd\.|\binc\b\.?|\bllc\b|\bcorp\b|corporation|\bcompany\b|\bco\.|\bgroup\b|gruppe\b|\buniversit\w*|"
    r"\binstitut\w*|\bbank\b|hochschule|klinik(?:um)?\b|krankenhaus|fraunhofer|max-planck|helmholtz|\bs\.?a\.?\b|\bb\.v\.|\bpvt\b|technologies|\blabs?\b|laborator\w+|"
    r"\bverlag\b|\bstiftung\b|ministerium|\bwerke?\b|hospital|\bschool\b|\bcollege\b|systems\b|industries|\bplc\b",
    re.I,
)  # fmt: skip
_POSITION = re.compile(
    r"工程师|经理|总监|主管|专员|助理|研究员|教授|讲师|老师|教师|助教|顾问|设计师|开发|分析师|实习生|主任|部长|总裁|架构师|科学家|会计|医生|医师|律师|组长|负责人|博士后|程序员|运营|翻译|秘书|"
    r"engineer|manager|developer|scientist|research(?:er)?\b|assistant|analyst|consultant|director|lead(?:er)?\b|head of|professor|lecturer|intern\b|internship|architect|administrator|designer|specialist|"
    r"officer|executive|associate|coordinator|teacher|trainee|fellow|postdoc|founder|\bc[etfo]o\b|president|technician|accountant|programmer|tester|advocate|representative|supervisor|nurse|physician|"
    r"ingenieur|leiter|leitung|entwickler|referent|berater|mitarbeiter|assistent|werkstudent|praktik|geschäftsführer|sachbearbeiter|wissenschaftler|informatiker|techniker|meister\b|lehrer|arzt|ärztin|projekt(?:manager|leit)|doktorand|hilfskraft|auszubildende|spezialist|architekt|einkäufer|fachkraft|kauf(?:mann|frau)",
    re.I,
)  # fmt: skip
_AT = re.compile(r"^(.{2,80}?)\s+(?:at|bei(?: der| dem)?|@|with|beim)\s+(.{2,100})$", re.I)
_LABELS = (
    ("employer", re.compile(r"^(?:公司(?:名称)?|单位|工作单位|company|employer|organi[sz]ation|arbeitgeber|unternehmen|firma)\s*[-:：]\s*(.+)$", re.I)),
    ("position", re.compile(r"^(?:职位|岗位|职务|担任|position|designation|role|job title|title|tätigkeit|funktion)\s*[-:：]\s*(.+)$", re.I)),
)  # fmt: skip
_NOT_NAMES = re.compile(
    r"^(?:description|responsibilities|key responsibilities|aufgaben|tätigkeiten|工作(?:内容|描述|职责)|职责描述)\b\s*[-:：]?",
    re.I,
)
_PLACE_TAIL = re.compile(r"^[A-ZÄÖÜ][\wäöüß.]+(?:[ -][A-ZÄÖÜ][\wäöüß.]+)?$")


def read_experience_section(lines: Sequence[str]) -> list[tuple[dict[str, str], list[str]]]:
    """(row, its lines) for each post, in the order of the CV."""
    found = []
    whole = unwrapped(lines, (_EMPLOYER, _POSITION))
    lines = [line for line in whole if not is_total(line)]
    for entry in _labelled(lines) or entries(lines):
        row = _row(entry)
        if row["position"] or row["employer"]:
            found.append((row, entry.lines))
    return found


def _labelled(lines: Sequence[str]) -> list[Entry]:
    """Entries that each begin with 'company - X' or 公司：X and state no period before it."""
    label = _LABELS[0][1]
    starts = [number for number, line in enumerate(lines) if label.match(line)]
    if not starts or starts[0] > 0:
        return []
    made = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        part = list(lines[start:end])
        dated = entries([line for line in part[:4] if len(line) <= 100])
        made.append(Entry(dated[0].period if dated else None, part[:1], part[1:], part))
    return made


def _row(entry: Entry) -> dict[str, str]:
    named: dict[str, str] = {}
    free: list[str] = []
    told: list[str] = []
    for line in entry.lead:
        line = BULLET.sub("", line)
        label = next((n for n, p in _LABELS if p.match(line)), None)
        if label is not None:
            pattern = dict(_LABELS)[label]
            named.setdefault(label, pattern.match(line).group(1).strip())  # type: ignore[union-attr]
        elif _NOT_NAMES.match(line):
            told.append(_NOT_NAMES.sub("", line).strip())
        elif free and len(free) >= 2 and not (_EMPLOYER.search(line) or _POSITION.search(line)):
            told.append(line)
        elif found := _AT.match(line):
            named.setdefault("position", found.group(1))
            named.setdefault(
                "employer", pieces(found.group(2))[0] if pieces(found.group(2)) else ""
            )
        else:
            free += pieces(line)
    for line in entry.rest:
        line = BULLET.sub("", line)
        label = next((n for n, p in _LABELS if p.match(line)), None)
        value = dict(_LABELS)[label].match(line).group(1).strip() if label else ""  # type: ignore[union-attr]
        if label is not None and label not in named and len(value) <= 60:
            named[label] = value
        else:
            told.append(line)
    _fill(named, free)
    period = entry.period
    return {
        "position": named.get("position", "")[:200],
        "employer": named.get("employer", "")[:200],
        "start": period.start if period else "",
        "end": period.end if period else "",
        "text": "\n".join(line for line in told if line)[:2000],
    }


def _fill(named: dict[str, str], free: list[str]) -> None:
    """Give the pieces without a label to the position and the employer."""
    left = [piece for piece in free if piece and len(piece) <= 120]
    for name, pattern, other in (
        ("employer", _EMPLOYER, _POSITION),
        ("position", _POSITION, _EMPLOYER),
    ):
        if name in named:
            continue
        sure = [p for p in left if pattern.search(p) and not other.search(p)]
        maybe = sure or [p for p in left if pattern.search(p)]
        if maybe:
            named[name] = maybe[0]
            left.remove(maybe[0])
    chinese = any("\u4e00" <= sign <= "\u9fff" for piece in free for sign in piece)
    for name in ("employer", "position") if chinese else ("position", "employer"):
        if name in named or not left:
            continue
        # The town at the end of a line is neither.
        if len(left) > 1 or not (named and _PLACE_TAIL.match(left[0]) and len(free) > 2):
            named[name] = left.pop(0)
