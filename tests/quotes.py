"""How a day begins in a library, in many scripts, short and long: words of our own."""

SENTENCES = {
    "en": "In the morning the library opens its doors, and the first reader sits down by the window. She "
    "writes a small note in the margin, beside the very words that made her wonder.",
    "el": "Το πρωί η βιβλιοθήκη ανοίγει τις πόρτες της και ο πρώτος αναγνώστης κάθεται δίπλα στο παράθυρο. "
    "Γράφει μια μικρή σημείωση στο περιθώριο, ακριβώς δίπλα στις λέξεις.",
    "ru": "Утром библиотека открывает двери, и первый читатель садится у окна. Он пишет небольшую заметку на "
    "полях, прямо рядом со словами, которые его удивили.",
    "he": "בבוקר הספרייה פותחת את שעריה, והקורא הראשון מתיישב ליד החלון. הוא כותב הערה קטנה בשוליים, ממש ליד המילים.",
    "ar": "في الصباح تفتح المكتبة أبوابها، ويجلس القارئ الأول قرب النافذة. يكتب ملاحظة صغيرة في الهامش بجانب "
    "الكلمات نفسها.",
    "hy": "Առավոտյան գրադարանը բացում է դռները, և առաջին ընթերցողը նստում է պատուհանի մոտ։ Նա փոքրիկ նշում է "
    "գրում լուսանցքում՝ հենց բառերի կողքին։",
    "ka": "დილით ბიბლიოთეკა კარს აღებს და პირველი მკითხველი ფანჯარასთან ჯდება. ის პატარა შენიშვნას წერს ველზე, "
    "სწორედ სიტყვების გვერდით.",
    "hi": "सुबह पुस्तकालय के दरवाज़े खुलते हैं और पहला पाठक खिड़की के पास बैठता है। वह हाशिये में, ठीक शब्दों "
    "के बगल में, एक छोटी टिप्पणी लिखता है।",
    "bn": "সকালে গ্রন্থাগারের দরজা খোলে আর প্রথম পাঠক জানালার পাশে বসেন। তিনি পাতার কিনারে, ঠিক শব্দগুলির পাশে, একটি ছোট মন্তব্য লেখেন।",
    "ta": "காலையில் நூலகம் திறக்கிறது, முதல் வாசகர் ஜன்னல் அருகே அமர்கிறார்; அவர் பக்கத்தின் ஓரத்தில் ஒரு சிறிய குறிப்பை எழுதுகிறார்.",
    "th": "ตอนเช้าห้องสมุดเปิดประตู ผู้อ่านคนแรกนั่งลงข้างหน้าต่าง แล้วเขียนบันทึกเล็กๆ ไว้ที่ขอบหน้ากระดาษ ข้างถ้อยคำที่ทำให้สงสัย",
    "km": "នៅពេលព្រឹក បណ្ណាល័យបើកទ្វារ ហើយអ្នកអានដំបូងអង្គុយក្បែរបង្អួច។",
    "am": "ጠዋት ቤተ መጻሕፍቱ በሩን ይከፍታል፤ የመጀመሪያው አንባቢም በመስኮቱ አጠገብ ይቀመጣል። በገጹ ጠርዝ ላይ ትንሽ ማስታወሻ ይጽፋል።",
    "zh": "清晨，图书馆打开大门，第一位读者在窗边坐下。他在页边写下一条小小的笔记，就在那些词句旁边。",
    "ja": "朝になると図書館の扉が開き、最初の読者が窓のそばに座る。"
    "彼は気になった言葉のすぐ横の余白に、小さな書き込みをする。",
    "ko": "아침이 되면 도서관이 문을 열고 첫 번째 독자가 창가에 앉는다. "
    "그는 마음에 걸린 낱말 바로 옆의 여백에 작은 메모를 적는다.",
}

PACKAGED = {"en", "el", "ru", "he", "hy", "ka", "ar"}
"""Whose letters typst's own fonts have."""


def repeated(words: str, length: int, joint: str) -> str:
    """The words again and again, as often as they go whole into so many code points."""
    return joint.join([words] * ((length + len(joint)) // (len(words) + len(joint))))


def _quotes(language: str, words: str) -> list[tuple[str, str]]:
    joint = "" if language in ("zh", "ja") else " "
    return [
        (language, words[:5].rpartition(" ")[0] or words.split()[0][:40]),
        (language, words),
        (language, repeated(words, 2_000, joint)),
    ]


QUOTES = [quote for language, words in SENTENCES.items() for quote in _quotes(language, words)]
"""Of each language one of a word or two, one of a sentence or two, and one of up to 2,000 code points."""
