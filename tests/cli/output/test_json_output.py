from pathlib import Path

from bulletin.audio.rundown.predict_stories_that_will_fit import PredictedScript
from bulletin.cli.output.json_output import lengths_data, passage_lengths
from bulletin.model import Chosen, Clip, Cut, Gathered, Passage, Role, Sentence, Spoken, StoryScript, Voice
from bulletin.pipeline.bulletin_run_results import Draft, DraftRequest, Run
from tests.support.factories import NOW, make_bulletin, make_passage, make_script, make_story

VOICE = Voice(name="heart", engine="tone", language="en-GB")


def sentence(text):
    return Sentence(text=text, spoken=text)


def make_run():
    """A story in two cuts that share a sentence; the shorter one airs."""
    story = make_story()
    short = Passage(role=Role.STORY, sentences=(sentence("One."),), story_id=story.id, cut=Cut.SHORT)
    long = Passage(
        role=Role.STORY, sentences=(sentence("One."), sentence("Two.")), story_id=story.id, cut=Cut.LONG
    )
    script = make_script(StoryScript(story=story, cuts=(short, long)))
    seconds = {script.opening: (3.0,), short: (4.0,), long: (4.0, 5.0), script.closing: (2.0,)}
    clips = tuple(
        Clip(
            passage=passage,
            path=Path("nowhere.wav"),
            duration_s=sum(lasts) + 0.3 * (len(lasts) - 1),
            rate_hz=24_000,
            sentence_times=tuple((4.3 * n, 4.3 * n + s) for n, s in enumerate(lasts)),
        )
        for passage, lasts in seconds.items()
    )
    aired = (script.opening, short, script.closing)
    return Run(
        draft=Draft(
            request=DraftRequest(due=NOW, edits_at=NOW),
            gathered=Gathered(articles=(), reports=()),
            chosen=Chosen(stories=()),
            whole=script,
            foreseen=PredictedScript(
                script=script,
                dropped=(),
                lasts_s=29.5,
                passages_s={(Role.STORY, story.id, Cut.SHORT): 4.25},
            ),
            timings={},
        ),
        spoken=Spoken(clips=clips, voice=VOICE, attempts=()),
        bulletin=make_bulletin(Path("news.mp3"), script, aired=aired, planned_s=30.0),
        episodes=(),
        timings={},
    )


def test_a_sentence_that_two_cuts_share_was_spoken_once():
    assert lengths_data(make_run()) == {
        "target_s": 30.0,
        "foretold_s": 29.5,
        "actual_s": 30.0,
        "spoken_s": 14.0,
        "aired_s": 9.0,
    }


def test_a_passage_has_predicted_and_real_duration():
    run = make_run()

    assert passage_lengths(run.bulletin.aired[1], run) == {"foretold_s": 4.25, "spoken_s": 4.0}
    assert passage_lengths(run.bulletin.aired[0], run) == {"foretold_s": None, "spoken_s": 3.0}
    assert passage_lengths(make_passage("Never said."), run) == {"foretold_s": None, "spoken_s": None}
