"""Why a row is set aside, in both languages: said by ingest, by the quarantine and by the page."""

from churnml.language import Words

RULES: Words = {
    "required": ("required", "缺少必填值（required）"),
    "not_a_row": ("not_a_row", "不是数据行，如合计或说明（not_a_row）"),
    "no_real_id": ("no_real_id", "不是真实编号（no_real_id）"),
    "not_in_lookup": ("not_in_lookup", "在对照表中查不到（not_in_lookup）"),
    "not_a_number": ("not_a_number", "不是数字（not_a_number）"),
    "not_a_time": ("not_a_time", "不是时间（not_a_time）"),
    "ambiguous_number": ("ambiguous_number", "数字有两种读法（ambiguous_number）"),
    "ambiguous_time": ("ambiguous_time", "时间有两种读法（ambiguous_time）"),
    "no_real_time": ("no_real_time", "不是真实时间（no_real_time）"),
    "in_the_future": ("in_the_future", "时间在未来（in_the_future）"),
    "wrong_number_of_fields": ("wrong_number_of_fields", "字段数不符（wrong_number_of_fields）"),
    "conflicting_key": ("conflicting_key", "主键相同但内容矛盾（conflicting_key）"),
}
"""The quarantine calls a rule by its name in every language, so that name stays beside the words."""
