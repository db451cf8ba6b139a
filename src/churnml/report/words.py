"""Words of the page as a whole; each section has its own beside its code."""

from churnml.language import Words

PAGE: Words = {
    "title": ("{project}: who leaves, as of {as_of}", "{project}：客户流失报告（截至 {as_of}）"),
    "skip": ("Skip to the content", "跳到正文"),
    "look": ("Light / dark", "明 / 暗"),
    "numbers": ("The numbers behind it", "查看数据"),
    "csv": ("Download as CSV", "下载 CSV"),
    "no_script": (
        "Pictures, sorting and downloads need JavaScript; all numbers are in the tables below each title.",
        "图表、排序和下载需要启用 JavaScript；所有数字都在各标题下的表格中。",
    ),
    "made": (
        "Made by churnml {version} from lists {lists} and bundle {bundle}. No network is needed, and none is used. Customers appear by id alone.",
        "由 churnml {version} 生成；名单 {lists}，模型 {bundle}。本页无需联网，也不会联网。客户仅以编号出现。",
    ),
}
