"""Texts, what has become of them, and where a passage in double brackets then stands."""

import re

from app.text.comparing.revisions import Status
from app.text.spans import Span

FERRY = "The ferry left the harbour at noon, with nine people and a crate of pears aboard. Nobody spoke of the weather."
BRIDGE = (
    "Two summers later the council built a bridge of larch and iron. It stood for sixty years, and was painted green."
)
SPLIT_BRIDGE = BRIDGE.replace("iron. ", "iron.\n\n")
KEEPER = "Old Maren kept the lamp. She counted every boat that passed, and wrote the number in a ledger by the stove."
WINTER = (
    "In winter the river froze as far as the mill. Children skated there after school, their lanterns hung in trees."
)
OTHER = (
    "Prices of wool fell again, so many farms were sold. Their owners drained the meadows and planted barley instead."
)

MARK = re.compile(r"\[\[|\]\]")


def marked(text: str) -> tuple[str, Span | None]:
    """A text without the double brackets in it, and the span between them."""
    parts = MARK.split(text)
    if len(parts) == 1:
        return text, None
    before, words, after = parts
    return before + words + after, Span(len(before), len(before) + len(words))


def joined(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


CASES: dict[str, tuple[str, str, Status]] = {
    "nothing changes": (joined(FERRY, "It was [[very late]]."), joined(FERRY, "It was [[very late]]."), "ok"),
    "a paragraph is put before": ("He [[went home]].", joined(BRIDGE, "He [[went home]]."), "ok"),
    "a paragraph is put behind": ("He [[went home]].", joined("He [[went home]].", BRIDGE), "ok"),
    "words are put before, in the same sentence": (
        "The ferry [[left the harbour]] at noon.",
        "Slowly, and with a cough, the ferry [[left the harbour]] at noon.",
        "ok",
    ),
    "a paragraph before is taken out": (joined(BRIDGE, "He [[went home]]."), "He [[went home]].", "ok"),
    "a word in the passage is replaced": (
        f"{KEEPER} The river [[froze as far as the mill]] that year. {WINTER}",
        f"{KEEPER} The river [[froze as near as the mill]] that year. {WINTER}",
        "changed",
    ),
    "its first word is replaced": (
        f"{KEEPER} The river [[froze as far as the mill]] that year. {WINTER}",
        f"{KEEPER} The river [[thawed as far as the mill]] that year. {WINTER}",
        "changed",
    ),
    "its last word is replaced": (
        f"{KEEPER} The river [[froze as far as the mill]] that year. {WINTER}",
        f"{KEEPER} The river [[froze as far as the weir]] that year. {WINTER}",
        "changed",
    ),
    "its first words are replaced, with those before it": (
        f"{KEEPER} Then the old grey [[ferry left the harbour]] by itself. {WINTER}",
        f"{KEEPER} Then the new white [[ferry left the harbour]] by itself. {WINTER}",
        "ok",
    ),
    "it begins in the midst of what was replaced": (
        f"{KEEPER} Then the old [[grey ferry left the harbour]] by itself. {WINTER}",
        f"{KEEPER} Then the new white [[ferry left the harbour]] by itself. {WINTER}",
        "changed",
    ),
    "it ends in the midst of what was replaced": (
        f"{KEEPER} Then [[the ferry left the harbour at]] noon. Nobody waved. {WINTER}",
        f"{KEEPER} Then [[the ferry left the harbour]] before dawn. Nobody waved. {WINTER}",
        "changed",
    ),
    "its first word is replaced by many": (
        f"{KEEPER} The river [[froze as far as the old mill]] that year. {WINTER}",
        f"{KEEPER} The river had hardly begun to thaw [[as far as the old mill]] that year. {WINTER}",
        "changed",
    ),
    "its first word is replaced, and lines end there": (
        f"{KEEPER} The river [[froze as far as the old mill]] that year. {WINTER}",
        f"{KEEPER} The river thawed.\n\nEven [[as far as the old mill]] that year. {WINTER}",
        "changed",
    ),
    "of few words of it that stay, others are near": (
        f"{FERRY} {KEEPER} Nobody in the town had ever seen [[the big lamp by day]]. {BRIDGE}",
        f"{FERRY} {KEEPER} Nobody in the town had ever seen [[the tiny lamp by night]]. {BRIDGE}",
        "changed",
    ),
    "its first word stands before what was put in, too": (
        f"{FERRY} Who was asked [[to carry the lantern across the river]]? {BRIDGE}",
        f"{FERRY} She had to wait. Some came [[to carry the lantern across the river]]? {BRIDGE}",
        "ok",
    ),
    "its last word stands behind what was put in, too": (
        f"{FERRY} [[Across the river he carried it for]] somebody. {BRIDGE}",
        f"{FERRY} [[Across the river he carried it for]] money and even for nothing. {BRIDGE}",
        "ok",
    ),
    "its first word stands beside itself": (
        f"{FERRY} Nobody knew that it then [[was by the mill]]. {BRIDGE}",
        f"{FERRY} Nobody knew that it was [[was by the mill]]. {BRIDGE}",
        "ok",
    ),
    "it is half of a word that is set in another way": (
        f"{FERRY} It was the [[\ufb01n]]est day. {BRIDGE}",
        f"{FERRY} It was the [[finest]] day. {BRIDGE}",
        "changed",
    ),
    "it is the other half": (
        f"{FERRY} It was the \ufb01n[[est]] day. {BRIDGE}",
        f"{FERRY} It was the [[finest]] day. {BRIDGE}",
        "changed",
    ),
    "a word of it is set in capitals": (
        f"{FERRY} It was the [[finest]] day. {BRIDGE}",
        f"{FERRY} It was the [[FINEST]] day. {BRIDGE}",
        "changed",
    ),
    "a word is put into it": (
        f"The river [[froze as far as the mill]] that year. {WINTER}",
        f"The river [[froze solid as far as the mill]] that year. {WINTER}",
        "changed",
    ),
    "a sentence is put into it": (
        joined(f"[[{BRIDGE}]]", WINTER),
        joined(f"[[{BRIDGE.replace('iron. ', 'iron. Nobody thanked them. ')}]]", WINTER),
        "changed",
    ),
    "a word is taken out of it": (
        f"The river [[froze solid as far as the mill]] that year. {WINTER}",
        f"The river [[froze as far as the mill]] that year. {WINTER}",
        "changed",
    ),
    "its only word is replaced": (
        f"{FERRY} They saw a [[heron]] near the weir. {WINTER}",
        f"{FERRY} They saw a bicycle near the weir. {WINTER}",
        "orphan",
    ),
    "it is replaced by another sentence": (
        joined(FERRY, f"{KEEPER} [[{WINTER}]]"),
        joined(FERRY, f"{KEEPER} {OTHER}"),
        "orphan",
    ),
    "its sentence is taken out": (joined(f"{FERRY} [[They were late.]] {KEEPER}"), f"{FERRY} {KEEPER}", "orphan"),
    "its sentence is taken out, another begins alike": (
        f"{FERRY} [[She counted her money twice.]] She counted every boat. {WINTER}",
        f"{FERRY} She counted every boat. {WINTER}",
        "orphan",
    ),
    "its paragraph is taken out": (joined(FERRY, f"[[{BRIDGE}]]", KEEPER), joined(FERRY, KEEPER), "orphan"),
    "its paragraph is taken out, one like it stays": (
        joined(
            FERRY, "Anna reported that the [[bridge is closed]].", KEEPER, "Boris reported that the bridge is closed."
        ),
        joined(FERRY, KEEPER, "Boris reported that the bridge is closed."),
        "orphan",
    ),
    "of two alike its own is changed": (
        joined(
            "Anna said that the [[bridge of larch is closed]] now.",
            KEEPER,
            "Boris said that the bridge of larch is closed.",
        ),
        joined(
            "Anna said that the [[bridge of iron is closed]] now.",
            KEEPER,
            "Boris said that the bridge of larch is closed.",
        ),
        "changed",
    ),
    "another like it is put before": (
        joined(FERRY, "And so [[they went on]] to the mill.", KEEPER),
        joined("And so they went on, and on.", FERRY, "And so [[they went on]] to the mill.", KEEPER),
        "ok",
    ),
    "a copy of its paragraph is put before": (
        joined(FERRY, BRIDGE, f"[[{KEEPER}]]"),
        joined(KEEPER, FERRY, BRIDGE, f"[[{KEEPER}]]"),
        "ok",
    ),
    "a word that stands everywhere is taken out": (
        f"{KEEPER} Then came [[the]] storm out of the west, and the roof of the mill was gone.",
        f"{KEEPER} Then came a storm out of the west, and the roof of the mill was gone.",
        "orphan",
    ),
    "its paragraph is written anew": (
        joined(FERRY, f"{BRIDGE[:13]}[[{BRIDGE[13:40]}]]{BRIDGE[40:]}", KEEPER),
        joined(FERRY, OTHER, KEEPER),
        "orphan",
    ),
    "all is written anew": (joined(FERRY, f"[[{KEEPER}]]"), joined(WINTER, OTHER), "orphan"),
    "all is taken out": (f"[[{KEEPER}]]", "", "orphan"),
    "all around it is written anew": (
        joined(f"{FERRY} And [[she never painted the lamp]] again. {KEEPER}", BRIDGE),
        joined(f"{WINTER} Yet [[she never painted the lamp]]? {OTHER}", BRIDGE),
        "ok",
    ),
    "its paragraph is split in it": (
        joined(f"{FERRY} [[{BRIDGE}]]", KEEPER),
        joined(FERRY, f"[[{SPLIT_BRIDGE}]]", KEEPER),
        "ok",
    ),
    "its paragraph is split before it": (f"{FERRY} [[{BRIDGE}]]", joined(FERRY, f"[[{BRIDGE}]]"), "ok"),
    "two paragraphs become one": (joined(FERRY, f"[[{BRIDGE}]]", KEEPER), f"{FERRY} [[{BRIDGE}]] {KEEPER}", "ok"),
    "it runs over two paragraphs that become one": (
        joined(FERRY[:40] + "[[" + FERRY[40:], BRIDGE[:30] + "]]" + BRIDGE[30:]),
        f"{FERRY[:40]}[[{FERRY[40:]} {BRIDGE[:30]}]]{BRIDGE[30:]}",
        "ok",
    ),
    "its paragraph goes to the end": (
        joined(f"{FERRY[:4]}[[{FERRY[4:20]}]]{FERRY[20:]}", BRIDGE, KEEPER, WINTER),
        joined(BRIDGE, KEEPER, WINTER, f"{FERRY[:4]}[[{FERRY[4:20]}]]{FERRY[20:]}"),
        "moved",
    ),
    "its paragraph goes to the end and is changed": (
        joined(f"[[{FERRY}]]", BRIDGE, KEEPER, WINTER),
        joined(BRIDGE, KEEPER, WINTER, f"[[{FERRY.replace('nine', 'eleven').replace('spoke', 'complained')}]]"),
        "moved",
    ),
    "its sentence goes to another paragraph": (
        joined(f"{FERRY} [[Larks were singing over the frozen reeds.]]", BRIDGE, KEEPER),
        joined(FERRY, BRIDGE, f"{KEEPER} [[Larks were singing over the frozen reeds.]]"),
        "moved",
    ),
    "its sentence changes places with a longer one": (
        joined("[[Larks were singing over the frozen reeds.]] " + FERRY, BRIDGE),
        joined(FERRY + " [[Larks were singing over the frozen reeds.]]", BRIDGE),
        "moved",
    ),
    "two sentences of it change places": (
        joined(FERRY, "[[Larks were singing over the frozen reeds. Nobody heard them but the miller's boy.]]", BRIDGE),
        joined(FERRY, "[[Nobody heard them but the miller's boy. Larks were singing over the frozen reeds.]]", BRIDGE),
        "changed",
    ),
    "it is taken out, and stands twice elsewhere": (
        joined(f"{FERRY} [[Larks were singing over the frozen reeds.]]", BRIDGE, KEEPER),
        joined(
            FERRY,
            f"{BRIDGE} Larks were singing over the frozen reeds.",
            f"{KEEPER} Larks were singing over the frozen reeds.",
        ),
        "orphan",
    ),
    "quotes become curly": (
        'She said, [["It\'s late -- too late..."]] and left.',
        "She said, [[“It’s late — too late…”]] and left.",
        "ok",
    ),
    "spaces become others": ("It was [[a cold   day]].", "It was [[a\u00a0cold\tday]].", "ok"),
    "it is set in capitals": (joined("[[A cold day]]", FERRY), joined("[[A COLD DAY]]", FERRY), "changed"),
    "words are joined": (joined("It was [[a part]] of it.", FERRY), joined("It was apart of it.", FERRY), "orphan"),
    "a full stop becomes a question mark": (
        f"{FERRY} [[Was it late.]] {BRIDGE}",
        f"{FERRY} [[Was it late?]] {BRIDGE}",
        "changed",
    ),
    "letters are composed": ("Un [[été à Orléans]].", "Un [[e\u0301te\u0301 a\u0300 Orle\u0301ans]].", "ok"),
    "a soft hyphen is put in": ("The [[lighthouse keeper]] slept.", "The [[light\u00adhouse keeper]] slept.", "ok"),
    "emoji stand before": ("So [[it goes]] on.", "👩🏽‍🚀🇫🇮 So [[it goes]] on.", "ok"),
    "emoji are replaced": (
        f"{FERRY} We [[won the race 🎉]] today.",
        f"{FERRY} We [[won the race 🏆]] today.",
        "changed",
    ),
    "an emoji is taken out": (f"{FERRY} We won [[👩🏽‍🚀]] today.", f"{FERRY} We won today.", "orphan"),
    "Japanese, words put in": (
        "吾輩は猫である。[[名前はまだ無い]]。どこで生れたか頓と見当がつかぬ。",
        "吾輩は小さな猫である。[[名前はまだ無い]]。どこで生れたか頓と見当がつかぬ。",
        "ok",
    ),
    "Japanese, a word changed": (
        "吾輩は猫である。[[名前はまだ無い]]。どこで生れたか頓と見当がつかぬ。",
        "吾輩は猫である。[[名前はもう無い]]。どこで生れたか頓と見当がつかぬ。",
        "changed",
    ),
    "Japanese, a sentence taken out": (
        "吾輩は猫である。[[名前はまだ無い。]]どこで生れたか頓と見当がつかぬ。",
        "吾輩は猫である。どこで生れたか頓と見当がつかぬ。",
        "orphan",
    ),
    "Chinese, paragraphs made one": (
        "天地玄黄，宇宙洪荒。\n\n[[日月盈昃，辰宿列张。]]",
        "天地玄黄，宇宙洪荒。[[日月盈昃，辰宿列张。]]",
        "ok",
    ),
    "Chinese, a paragraph moved": (
        joined("[[寒来暑往，秋收冬藏，闰余成岁，律吕调阳。]]", "天地玄黄，宇宙洪荒。", "日月盈昃，辰宿列张。"),
        joined("天地玄黄，宇宙洪荒。", "日月盈昃，辰宿列张。", "[[寒来暑往，秋收冬藏，闰余成岁，律吕调阳。]]"),
        "moved",
    ),
    "Arabic, a word changed": (
        "كان البحر هادئا في ذلك المساء، و[[جلس الصياد العجوز على الصخرة]] ينتظر.",
        "كان البحر هادئا في ذلك المساء، و[[جلس الصياد الشاب على الصخرة]] ينتظر.",
        "changed",
    ),
    "Arabic, a sentence put before": (
        "كان البحر هادئا. [[جلس الصياد العجوز على الصخرة]].",
        "هبت الريح قليلا. كان البحر هادئا. [[جلس الصياد العجوز على الصخرة]].",
        "ok",
    ),
    "Hindi, a word changed": (
        "नदी के किनारे [[एक पुराना घर था]] जहाँ कोई नहीं रहता था।",
        "नदी के किनारे [[एक छोटा घर था]] जहाँ कोई नहीं रहता था।",
        "changed",
    ),
    "Thai, words put before": ("แมวดำ[[นอนบนเสื่อ]]ทั้งวัน", "เมื่อวานนี้แมวดำ[[นอนบนเสื่อ]]ทั้งวัน", "ok"),
    "a short line is changed around it": ("[[He said]] yes.", "[[He said]] no.", "ok"),
}
