"""Data that flows from step to step: Feed -> Article -> Story -> Script -> Clip -> Bulletin -> Episode."""

from bulletin.model.bulletin_slots import (
    Level as Level,
    Slot as Slot,
    SlotRecord as SlotRecord,
    SlotState as SlotState,
)
from bulletin.model.editor_edits import (
    AppliedEdit as AppliedEdit,
    Edit as Edit,
    FOR_EVERY_BULLETIN as FOR_EVERY_BULLETIN,
    EditAction as EditAction,
    EditConflictError as EditConflictError,
    EditState as EditState,
)
from bulletin.model.feeds_articles_stories import (
    Article as Article,
    AttachedClip as AttachedClip,
    Chosen as Chosen,
    Feed as Feed,
    FeedReport as FeedReport,
    FeedState as FeedState,
    Gathered as Gathered,
    Left as Left,
    Reason as Reason,
    RecordedClip as RecordedClip,
    Recording as Recording,
    Section as Section,
    Story as Story,
)
from bulletin.model.clips_bulletins_episodes import (
    Attempt as Attempt,
    Attribution as Attribution,
    Bulletin as Bulletin,
    Chapter as Chapter,
    Clip as Clip,
    Cue as Cue,
    Episode as Episode,
    Quality as Quality,
    Rendition as Rendition,
    Spoken as Spoken,
    Voice as Voice,
)
from bulletin.model.scripts_passages_sentences import (
    Cut as Cut,
    Origin as Origin,
    Passage as Passage,
    Rewrite as Rewrite,
    RewriteState as RewriteState,
    Role as Role,
    Script as Script,
    Sentence as Sentence,
    StationWords as StationWords,
    StoryScript as StoryScript,
)
