"""How components/data/files/spoken_digits.xz and spoken_digits_heard.zip were made.

Run it as `python tests/data/sources/make_spoken_digits.py`, on a machine with three free synthesisers, all
of them in
Debian: espeak-ng, flite and festival with festvox-kallpc16k, festvox-kdlpc16k and festvox-us-slt-hts, and
with `pip install soundfile`, which writes the few sounds that can be heard in the app as MP3.

A voice is a speaker: one of eSpeak NG's variants, whose throats differ, in several accents; or one of the
five people whose recordings Flite and Festival are made of. Each says the ten digits several times, every
time at another pace, pitch and size, in another room and through another microphone.
"""

import io
import lzma
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[3]))

from components.data.readers import audio, mel_spectrogram
from components.data.sources.recordings_samples import DECIBEL_STEP
from components.data.sources.sample_info import FILES

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ACCENTS = ("en-gb", "en-us", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-rp", "en-gb-x-gbcwmd", "en-us-nyc")
VARIANTS = (
    "m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 klatt klatt2 klatt4 adam Alex Alicia Andrea Andy Annie antonio "
    "aunty belinda benjamin boris caleb david Denis ed edward Gene gustave Henrique Hugo iven Jacky john "
    "kaukovalta Lee linda marcelo marco Mario max Michael michel mike Mr Nguyen pablo paul pedro quincy rob "
    "robert steph Storm travis victor zac anika grandma grandpa norbert shelby sandro"
)
PEOPLE = ("kal", "awb", "rms", "slt", "ked")
TAKES_OF_VARIANTS, TAKES_OF_PEOPLE = 5, 16
SHIPPED_VOICES = ("f2", "m3", "awb", "slt", "rms", "Andrea")
SEED = 0


@dataclass(frozen=True)
class Take:
    """One recording: who says what, how often before, and the sound as it was synthesised."""

    voice: str
    word: int
    number: int
    sound: np.ndarray


def all_takes() -> Iterator[Take]:
    """Have all voices say all words."""
    rng = np.random.default_rng(SEED)
    for voice in VARIANTS.split():
        accents = rng.permutation(ACCENTS)
        for number in range(TAKES_OF_VARIANTS):
            for word in range(len(WORDS)):
                yield Take(voice, word, number, espeak(voice, accents[number % len(accents)], word, rng))
    for voice in PEOPLE:
        for number in range(TAKES_OF_PEOPLE):
            for word in range(len(WORDS)):
                with_festival = voice == "ked" or (voice in ("kal", "slt") and number % 2)
                say = festival if with_festival else flite
                yield Take(voice, word, number, say(voice, word, rng))


def espeak(variant: str, accent: str, word: int, rng: np.random.Generator) -> np.ndarray:
    """Have eSpeak NG say a word."""
    pace, pitch = rng.integers(115, 200), rng.integers(25, 75)
    command = ["espeak-ng", "-v", f"{accent}+{variant}", "-s", str(pace), "-p", str(pitch)]
    return run_synthesiser(lambda path: ([*command, "-w", path, spell_word(word, rng)], ""))


def flite(voice: str, word: int, rng: np.random.Generator) -> np.ndarray:
    """Have Flite say a word."""
    name, stretch = {"kal": "kal16"}.get(voice, voice), rng.uniform(0.8, 1.3)
    command = ["flite", "-voice", name, "--setf", f"duration_stretch={stretch:.2f}"]
    return run_synthesiser(lambda path: ([*command, "-t", spell_word(word, rng), "-o", path], ""))


def festival(voice: str, word: int, rng: np.random.Generator) -> np.ndarray:
    """Have Festival say a word."""
    name = {"kal": "kal_diphone", "ked": "ked_diphone", "slt": "cmu_us_slt_arctic_hts"}[voice]
    begin = f"(voice_{name}) (Parameter.set 'Duration_Stretch {rng.uniform(0.8, 1.3):.2f})"
    speech = f'(utt.synth (Utterance Text "{spell_word(word, rng)}"))'
    return run_synthesiser(
        lambda path: (["festival", "--pipe"], f'{begin} (utt.save.wave {speech} "{path}" \'riff)')
    )


def run_synthesiser(order: Callable[[str], tuple[list[str], str]]) -> np.ndarray:
    """Run a synthesiser, given what to run and to say to it for a path to write to, and read the sound."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        command, orders = order(str(path))
        subprocess.run(command, input=orders.encode(), check=True, capture_output=True)
        return audio.read(path.read_bytes(), " ".join(command))


def spell_word(word: int, rng: np.random.Generator) -> str:
    """Write a word as it is stated, called or asked."""
    return WORDS[word] + rng.choice(["", ".", "!", "?"])


# --- The room and the microphone -----------------------------------------------------------------------


def simulate_recording(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a sound as a microphone in some room would record it."""
    sound = resize_speaker(sound, rng.uniform(0.88, 1.16))
    before, after = (int(rng.uniform(0.1, 0.5) * audio.RATE) for _ in range(2))
    # To a length that is quick to transform.
    sound = np.pad(sound, [before, after + -(before + len(sound) + after) % 4096])
    if rng.random() < 0.5:
        sound = add_echo(sound, rng)
    sound = apply_microphone(sound, rng)
    noise = background_noise(len(sound), rng)
    spoken = np.sqrt(np.mean(np.square(sound[np.abs(sound) > 0.05 * np.abs(sound).max()])))
    return sound + noise * spoken * 10 ** (-rng.uniform(18, 55) / 20)


def resize_speaker(sound: np.ndarray, size: float) -> np.ndarray:
    """Return a sound as a larger or smaller speaker would make it: all its frequencies divided by the
    size."""
    return audio.resampled(sound, audio.RATE, round(audio.RATE * size / 100) * 100)


def add_echo(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Let a room answer, fading by 60 decibels in 0.1 to 0.4 seconds."""
    fading = rng.uniform(0.1, 0.4)
    times = np.arange(int(fading * audio.RATE)) / audio.RATE
    answer = rng.normal(size=len(times)) * 10 ** (-3 * times / fading) * rng.uniform(0.02, 0.15)
    answer[0] = 1
    whole = len(sound) + len(answer)
    return np.fft.irfft(np.fft.rfft(sound, whole) * np.fft.rfft(answer, whole), whole)[: len(sound)]


def apply_microphone(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Let a microphone favour some pitches: a slope, and at times nothing very low or very high."""
    frequencies = np.fft.rfftfreq(len(sound), 1 / audio.RATE)
    slope = rng.uniform(-3, 3)  # decibels an octave
    gain = 10 ** (slope * np.log2(np.maximum(frequencies, 50) / 1000) / 20)
    if rng.random() < 0.5:
        gain *= 1 / np.sqrt(1 + (rng.uniform(80, 300) / np.maximum(frequencies, 1)) ** 4)
    if rng.random() < 0.3:
        gain *= 1 / np.sqrt(1 + (frequencies / rng.uniform(3400, 7000)) ** 8)
    return np.fft.irfft(np.fft.rfft(sound) * gain, len(sound))


def background_noise(length: int, rng: np.random.Generator) -> np.ndarray:
    """Return noise of mean square 1, from white to brown."""
    frequencies = np.maximum(np.fft.rfftfreq(length, 1 / audio.RATE), 30)
    noise = np.fft.irfft(np.fft.rfft(rng.normal(size=length)) * frequencies ** -rng.uniform(0, 1), length)
    return noise / np.sqrt(np.mean(np.square(noise)))


# --- The files -----------------------------------------------------------------------------------------


def main() -> None:
    """Make both files."""
    import soundfile

    rng = np.random.default_rng(SEED + 1)
    takes = sorted(all_takes(), key=lambda take: (take.voice, take.number, take.word))
    voices = sorted({take.voice for take in takes})
    parts, names, sounds = [], [], {}
    for take in takes:
        sound = simulate_recording(take.sound, rng)
        parts.append(mel_spectrogram.log_mel_spectrogram(sound, take.voice))
        names.append("")
        if take.voice in SHIPPED_VOICES and take.number == 0:
            kept = io.BytesIO()
            loud = (0.5 * sound / np.abs(sound).max()).astype(np.float32)
            soundfile.write(kept, loud, audio.RATE, format="MP3", compression_level=0.8)
            names[-1] = f"{WORDS[take.word]}/{take.voice}.mp3"
            sounds[names[-1]] = kept.getvalue()
    arrays = (
        np.array(voices),
        np.array(names),
        np.array([take.word for take in takes], np.uint8),
        np.array([voices.index(take.voice) for take in takes], np.uint8),
        np.array([len(part) for part in parts], np.uint16),
        np.round((np.concatenate(parts) + mel_spectrogram.DECIBEL_RANGE) / DECIBEL_STEP).astype(np.uint8),
    )
    whole = io.BytesIO()
    for array in arrays:
        np.save(whole, array, allow_pickle=False)
    # What is packed is by how much a band differs from a frame to the next.
    filters = [
        {"id": lzma.FILTER_DELTA, "dist": mel_spectrogram.BANDS},
        {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "pb": 0},
    ]
    (FILES / "spoken_digits.xz").write_bytes(lzma.compress(whole.getvalue(), filters=filters))
    with zipfile.ZipFile(FILES / "spoken_digits_heard.zip", "w") as archive:
        for name, content in sounds.items():
            archive.writestr(zipfile.ZipInfo(name), content)


if __name__ == "__main__":
    main()
