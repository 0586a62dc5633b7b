"""MP3 bytes -> whether the last frame is complete. Pure."""

from __future__ import annotations

_SAMPLES_A_FRAME = {3: 1152, 2: 576, 0: 576}
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_KBPS_MPEG_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_MPEG_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def ends_whole(mp3: bytes) -> bool:
    """
    Whether the last frame of an MP3 is complete (ISO/IEC 11172-3, 13818-3).

    A truncated answer decodes without an error, only shorter. Data that is not a frame ends the check:
    the decoder decides about it.
    """
    position = 0
    while position + 4 <= len(mp3):
        head = int.from_bytes(mp3[position : position + 4], "big")
        mpeg, layer, kbps_index, rate_index = head >> 19 & 3, head >> 17 & 3, head >> 12 & 15, head >> 10 & 3
        if head >> 21 != 0x7FF or mpeg == 1 or layer != 1 or kbps_index in (0, 15) or rate_index == 3:
            break
        kbps = (_KBPS_MPEG_1 if mpeg == 3 else _KBPS_MPEG_2)[kbps_index]
        padding = head >> 9 & 1
        position += _SAMPLES_A_FRAME[mpeg] // 8 * kbps * 1000 // _RATES_HZ[mpeg][rate_index] + padding
    return position <= len(mp3)
