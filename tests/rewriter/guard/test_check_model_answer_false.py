"""False sentences in the article's words: each figure, name and negation is in the article, but the statement is not."""

from __future__ import annotations

import pytest

from bulletin.rewriter.guard.check_model_answer import check_sentence, find_origins
from bulletin.rewriter.guard.tokenize_sentence import small_words
from bulletin.rewriter.prompt import is_telling

FALSE_SENTENCES: list[tuple[list[str], list[str]]] = [
 # (source, false sentences)
 (["The council will spend £2 million on the bridge and £3 billion on the tunnel, Ann Pike said."], ["The council will spend £3 million on the bridge, Ann Pike said.","The council will spend £2 billion on the bridge, Ann Pike said.","The council will spend £3 billion on the bridge, Ann Pike said."]),
 (["The council will spend £2m on the bridge next year."],["The council will spend £2bn on the bridge next year.","The council will spend two billion pounds on the bridge next year.","The council will spend two thousand pounds on the bridge next year."]),
 (["Two hundred and five people were hurt in the crash near Thornley."],["Two people were hurt in the crash near Thornley.","Five people were hurt in the crash near Thornley.","Two hundred people were hurt in the crash near Thornley.","25 people were hurt in the crash near Thornley."]),
 (["About 5% of the pupils at Thornley School failed the exam."],["About 5 of the pupils at Thornley School failed the exam."]),
 (["Fifteen people died and fifty were injured when the bus hit a wall."],["Fifty people died and fifteen were injured when the bus hit a wall.","Fifteen people died and 15 were injured when the bus hit a wall."]),
 (["The mayor did not resign, but she will sell the house."],["The mayor will resign, but she will not sell the house.","The mayor did resign, but she will sell the house.","The mayor resigned, but she will sell the house.","The mayor will not sell the house."]),
 (["Police said no one was hurt when the roof fell, and the road is open."],["Police said someone was hurt when the roof fell, and the road is open.","Police said one was hurt when the roof fell, and the road is not open."]),
 (["Ann Fox beat Joan Pike in the final by two sets to one."],["Joan Pike beat Ann Fox in the final by two sets to one.","Ann Fox was beaten by Joan Pike in the final by two sets to one."]),
 (["Ann Fox, who was shot by Joan Pike, is in hospital.", "Joan Pike was arrested on Tuesday."],["Joan Pike, who was shot by Ann Fox, is in hospital.","Ann Fox was arrested on Tuesday."]),
 (["Ann Fox said Joan Pike had lied to the council about the grant."],["Joan Pike said Ann Fox had lied to the council about the grant.","Joan Pike had lied to the council about the grant."]),
 (["The court heard that Mark Hill attacked Tom Reed with a knife on 3 May."],["The court heard that Tom Reed attacked Mark Hill with a knife on 3 May.","Mark Hill attacked Tom Reed with a knife on 3 May.","The court heard that Mark Hill attacked Tom Reed with a knife on 5 March.","The court heard that Mark Hill attacked Tom Reed with a knife on 30 May."]),
 (["The bridge will close on Monday and open again on Friday."],["The bridge will close on Friday and open again on Monday.","The bridge will open on Monday and close again on Friday."]),
 (["The plant has never failed an inspection since it opened in 1998."],["The plant has failed an inspection since it opened in 1998.","The plant has never failed an inspection since it opened in 1989."]),
 (["Neither Fox nor Pike was charged with the theft of the van."],["Fox was charged with the theft of the van.","Pike and Fox were charged with the theft of the van."]),
 (["The shop lost 12 jobs in May but gained 30 in June."],["The shop lost 30 jobs in May but gained 12 in June.","The shop gained 12 jobs in May but lost 30 in June.","The shop lost a dozen jobs in June."]),
 (["The victim was a 34-year-old man and the suspect a 43-year-old woman from Leeds."],["The victim was a 43-year-old man and the suspect a 34-year-old woman from Leeds.","The victim was a 34-year-old woman and the suspect a 43-year-old man from Leeds."]),
 (["The firm made a profit of £3.5m, down from £5.3m a year ago."],["The firm made a profit of £5.3m, down from £3.5m a year ago.","The firm made a profit of £3.5m, up from £5.3m a year ago.","The firm made a loss of £3.5m, down from £5.3m a year ago."]),
 (["The vote was carried by 12 to 9 despite protests from Labour and the Greens."],["The vote was lost by 12 to 9 despite protests from Labour and the Greens.","The vote was carried by 9 to 12 despite protests from Labour and the Greens."]),
 (["France sold the ships to Egypt after it cancelled a deal with Russia."],["Egypt sold the ships to France after it cancelled a deal with Russia.","France sold the ships to Russia after it cancelled a deal with Egypt."]),
 (["A spokesman for Wexrail denied that trains were unsafe."],["A spokesman for Wexrail said that trains were unsafe.","A spokesman for Wexrail denied that trains were safe.","A spokesman for Wexrail confirmed that trains were unsafe."]),
 (["He was found guilty of fraud but cleared of theft."],["He was found guilty of theft but cleared of fraud.","He was cleared of fraud but found guilty of theft."]),
 (["Doctors warned that the drug may cause liver damage in children."],["Doctors warned that the drug will cause liver damage in children.","The drug may cure liver damage in children, doctors warned."]),
 (["More than 300 homes are without power after the storm."],["Fewer than 300 homes are without power after the storm.","About 300 homes are with power after the storm.","300 homes have power after the storm."]),
 (["At least four people were killed in the blast in the north of the city."],["At most four people were killed in the blast in the north of the city.","Only four people were killed in the blast in the north of the city.","At least four people were killed in the blast in the south of the city."]),
 (["The minister said that the tax would not rise before the election."],["The minister said that the tax would rise before the election.","The minister said that the tax would not rise after the election.","The minister said that the tax would not fall before the election."]),
 (["A burglar who knocked on the doors of nine people in Wexcombe has been jailed for four and a half years."],["A burglar has been knocked for four and a half years.","A burglar has been allowed for four and a half years."]),
 (["The board has asked its members to pay more, and they received a letter."],["The board has received its members to pay more."]),
]  # fmt: skip
TRUE = [
    (["The council has announced that the bridge will close on Monday."], "The council has said that the bridge will close on Monday."),
    (["Rana, who awaits Baahubali, has signed a film with London Digital."], "Rana has signed a film with London Digital."),
    (["The decision has been slammed by a charity worker in Leeds."], "The decision has been criticised by a charity worker in Leeds."),
    (["Speaking in public for the first time, Stuart Gull described his shame."], "Stuart Gull was speaking in public for the first time."),
    (["Pramod Tiwari (Cong) said force was used against the villagers."], "Pramod Tiwari said force was used against the villagers."),
    (["The AA said Bob Mackenzie has been removed by the board."], "The AA said Bob Mackenzie has been removed by the board."),
    (["Residents of Weir Close were taken to a school, and others in the town were told to keep windows closed."], "Residents of Weir Close were taken to a school."),
    (["Bath, Wells and Frome will share £3m, Ann Fox said."], "Frome, Wells and Bath will share £3m, Ann Fox said."),
    (["Ann Fox beat Joan Pike in the final."], "Joan Pike was beaten by Ann Fox in the final."),
    (["Doctors warned that the drug may cause liver damage."], "Doctors warned that the drug could cause liver damage."),
    (["The court heard that Mark Hill attacked Tom Reed on 3 May."], "The court heard that Mark Hill attacked Tom Reed on 3 May."),
]  # fmt: skip


def problems(sentence: str, source: list[str]) -> tuple[str, ...]:
    small = small_words(source)
    telling = [index for index, source_sentence in enumerate(source) if is_telling(source_sentence)]
    places = find_origins(sentence, source, among=telling, small=small)
    return check_sentence(sentence, source, places=places, small=small)


@pytest.mark.parametrize(
    ("lie", "source"), [(lie, source) for source, lies in FALSE_SENTENCES for lie in lies]
)
def test_a_false_sentence_in_the_articles_words_is_caught(lie: str, source: list[str]) -> None:
    assert problems(lie, source) != ()


@pytest.mark.parametrize("source", [source for source, _ in FALSE_SENTENCES])
def test_the_article_itself_passes(source: list[str]) -> None:
    assert [problem for sentence in source for problem in problems(sentence, source)] == []


@pytest.mark.parametrize(("source", "sentence"), TRUE)
def test_a_true_sentence_passes(source: list[str], sentence: str) -> None:
    assert problems(sentence, source) == ()
