"""Build the template of a skeleton: what each text of such a record means, worked out once.

The builder goes through a skeleton as plain/record_fields.py goes through a record. If that would
note a problem or a finding, or might, there is no template.
"""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from sordiff.model import Kind
from sordiff.snapshot.fast.tag_skeleton import SkeletonNode, SkeletonParser, UnusualRecordError
from sordiff.snapshot.fast.template import (
    BlockTemplate,
    Template,
    TextsTemplate,
    UnknownTemplate,
    build_summary_template,
)
from sordiff.snapshot.fast.unknown_leaves import UnknownLeaves, holds_codes
from sordiff.snapshot.format.element_names import (
    ADDRESS,
    ADDRESS_POSTAL,
    ADDRESSES,
    COLLECTIONS,
    CONTACT,
    GEOGRAPHICAL_PARENT,
    INFORMATION,
    LOCAL_ATTRIBUTES,
    NUMBER,
    NUMBER_BOOLEANS,
    NUMBER_TEXTS,
    OPTION,
    RECORD_KINDS,
    REPLACED,
    SPECIALITY,
    STATUS,
    TEXTS,
    UNIT,
)

Nodes = dict[str, SkeletonNode]


def build_template(tags: Sequence[str], skeletons: SkeletonParser) -> Template | None:
    """Build the template of records with these tags; None if the plain road must read them."""
    try:
        root, schemes = skeletons.parse_tags(tags)
        kind = RECORD_KINDS.get(root.local)
        return None if kind is None else _TemplateBuilder(root, kind, schemes).build(len(tags))
    except UnusualRecordError:
        return None


class _TemplateBuilder:
    """Builds the template of one skeleton; used once.

    What it does not select must be blank, so that unknown elements which are not collected need no
    rule of their own.
    """

    def __init__(self, root: SkeletonNode, kind: Kind, schemes: int) -> None:
        self._kind = kind
        self._selected: list[int] = []
        self._schemes = schemes
        self._known, self._several, beside = _sort_children(root, UNIT, COLLECTIONS)
        self._entries = [node for node in beside if holds_codes(node)]
        self._unknown = UnknownLeaves()
        self._unknown.add("", "", [node for node in beside if not holds_codes(node)])

    def build(self, tags: int) -> Template:
        """Build the template; UnusualRecordError if there is none."""
        unit_texts = self._find_texts()
        mark, number_fields = self._find_location_number()
        booleans = mark | self._find_in_wrapper("information", INFORMATION)
        unit = self._build_block(unit_texts, self._find_in_wrapper("status", STATUS), booleans)
        number = self._build_number(number_fields)
        addresses = self._build_addresses()
        contact = self._build_contact()
        references = self._build_references()
        pairs = self._build_specialities()
        unknown = tuple(
            UnknownTemplate(field, tuple(leaves), self._select(leaves.values()))
            for field, leaves in self._unknown.list_blocks()
        )
        if self._schemes:
            raise UnusualRecordError
        return Template(
            kind=self._kind,
            # One alone would not be returned as a tuple.
            select_texts=itemgetter(*self._selected, self._selected[0]),
            select_blanks=itemgetter(*sorted({*range(2, 2 * tags, 2)} - {*self._selected})),
            unit=unit,
            number=number,
            addresses=addresses,
            contact=contact,
            references=references,
            specialities=pairs,
            unknown=unknown,
            unknown_places=tuple(i for each in unknown for i in self._selected[each.texts]),
            summary=build_summary_template(self._selected, unit, number, pairs),
        )

    def _select(self, nodes: Iterable[SkeletonNode]) -> slice:
        """Select the texts of leaves; return their slice of the selected."""
        begin = len(self._selected)
        for node in nodes:
            if node.children or node.text is None:
                raise UnusualRecordError
            self._selected.append(node.text)
        return slice(begin, len(self._selected))

    def _build_block(self, texts: Nodes, days: Nodes, booleans: Nodes) -> BlockTemplate:
        groups = [_select_nonempty(nodes) for nodes in (texts, days, booleans)]
        spans = [self._select(nodes.values()) for nodes in groups]
        return BlockTemplate(tuple(name for nodes in groups for name in nodes), *spans)

    def _find_texts(self) -> Nodes:
        own = {name: self._known[name] for name in ("sor_id", *TEXTS) if name in self._known}
        if "sor_id" not in own or own["sor_id"].text is None:
            raise UnusualRecordError
        parent = self._find_in_wrapper("geographical_parent", GEOGRAPHICAL_PARENT)
        return own | parent | self._find_in_wrapper("local_attributes", LOCAL_ATTRIBUTES)

    def _find_in_wrapper(self, field: str, fields: Mapping[str, str]) -> Nodes:
        """Leaves of a wrapper that are fields of the unit, by their names in the unit."""
        if field not in self._known:
            return {}
        within = self._sort_wrapper("", self._known[field], fields)
        return {_unit_field_name(field, name): node for name, node in within.items()}

    def _sort_wrapper(self, field: str, wrapper: SkeletonNode, fields: Mapping[str, str]) -> Nodes:
        """The known children of a wrapper, whose unknown ones belong to the block around it."""
        known, _, unknown = _sort_children(wrapper, fields)
        self._unknown.add_inside(field, wrapper, unknown)
        return known

    def _sort_block(self, field: str, block: SkeletonNode, fields: Mapping[str, str]) -> Nodes:
        """The known children of a block, which keeps the unknown ones itself."""
        known, _, unknown = _sort_children(block, fields)
        self._unknown.add(field, "", unknown)
        return known

    def _find_location_number(self) -> tuple[Nodes, Nodes]:
        """The inherited mark, which an owner can't have, and the leaves of the location number."""
        within: Nodes = {}
        if "location_number_option" in self._known:
            within = self._sort_wrapper("", self._known["location_number_option"], OPTION)
        if "location_number" in within and "location_number" in self._known:
            raise UnusualRecordError
        mark = {"location_number_inherited": within["inherited"]} if "inherited" in within else {}
        block = (within | self._known).get("location_number")
        fields, _, unknown = ({}, {}, []) if block is None else _sort_children(block, NUMBER)
        if "number" in fields and fields["number"].text is not None:
            self._unknown.add("location_number", "", unknown)
        else:  # without a number all of it is unknown, and not collected here
            fields = {}
        return {} if self._kind is Kind.OWNER else mark, fields

    def _build_number(self, fields: Nodes) -> BlockTemplate | None:
        if not fields:
            return None
        status = {}
        if "status" in fields:
            status = self._sort_wrapper("location_number", fields["status"], STATUS)
        return self._build_block(
            {name: fields[name] for name in NUMBER_TEXTS if name in fields},
            {_unit_field_name("status", name): node for name, node in status.items()},
            {name: fields[name] for name in NUMBER_BOOLEANS if name in fields},
        )

    def _build_addresses(self) -> tuple[TextsTemplate, ...]:
        return tuple(
            self._build_address(field, self._known[field])
            for field in ADDRESSES
            if field in self._known
        )

    def _build_address(self, field: str, block: SkeletonNode) -> TextsTemplate:
        texts = self._sort_block(field, block, ADDRESS)
        within: Nodes = {}
        if "address_postal" in texts:
            within = self._sort_wrapper(field, texts.pop("address_postal"), ADDRESS_POSTAL)
        country = within.get("country_code")
        scheme = None if country is None else country.scheme
        self._schemes -= scheme is not None
        texts = _select_nonempty(texts | within)
        # Without a code its scheme says nothing.
        scheme = scheme if "country_code" in texts else None
        return TextsTemplate(field, tuple(texts), self._select(texts.values()), scheme)

    def _build_contact(self) -> TextsTemplate | None:
        if "contact" not in self._known:
            return None
        texts = _select_nonempty(self._sort_block("contact", self._known["contact"], CONTACT))
        return TextsTemplate("contact", tuple(texts), self._select(texts.values()))

    def _build_references(self) -> tuple[TextsTemplate, ...]:
        found = []
        for field, collections in self._several.items():
            leaves: list[SkeletonNode] = []
            for collection in collections:
                several = _sort_children(collection, REPLACED, frozenset({"sor_id"}))[1]
                leaves += several.get("sor_id", [])
            nonempty = [leaf for leaf in leaves if leaf.text is not None]
            found.append(TextsTemplate(field, (), self._select(nonempty)))
        return tuple(found)

    def _build_specialities(self) -> tuple[tuple[int, int | None], ...]:
        pairs: list[tuple[SkeletonNode, SkeletonNode | None]] = []
        for node in self._entries:
            _add_specialities(node, pairs)
        return tuple(
            (self._select([code]).start, None if kind is None else self._select([kind]).start)
            for code, kind in pairs
        )


def _unit_field_name(field: str, name: str) -> str:
    """The name in the unit of a field that stands in a wrapper."""
    if field == "geographical_parent":
        return f"geographical_parent_{name.removeprefix('sor_')}"
    return "from_" if name == "from" else name


def _select_nonempty(nodes: Nodes) -> Nodes:
    """Leaves that may have a text: an empty tag has none."""
    return {name: node for name, node in nodes.items() if node.text is not None}


def _sort_children(
    node: SkeletonNode, fields: Mapping[str, str], multiple: frozenset[str] = frozenset()
) -> tuple[Nodes, dict[str, list[SkeletonNode]], list[SkeletonNode]]:
    """Return the known children, those that may repeat, and the unknown ones."""
    known: Nodes = {}
    several: dict[str, list[SkeletonNode]] = {}
    unknown: list[SkeletonNode] = []
    for child in node.children:
        field = fields.get(child.local)
        if field is None:
            unknown.append(child)
        elif field in multiple:
            several.setdefault(field, []).append(child)
        elif field in known:
            raise UnusualRecordError
        else:
            known[field] = child
    return known, several, unknown


def _add_specialities(
    node: SkeletonNode, pairs: list[tuple[SkeletonNode, SkeletonNode | None]]
) -> None:
    """Add the codes in an unknown child of the record, each with the type beside it.

    A code directly in the record is no speciality here, and must be blank.
    """
    known, several, unknown = _sort_children(node, SPECIALITY, frozenset({"code"}))
    kind = known.get("type")
    codes = several.get("code", [])
    pairs += [(code, None if kind is None or kind.text is None else kind) for code in codes]
    if not codes:
        for child in unknown:
            _add_specialities(child, pairs)
