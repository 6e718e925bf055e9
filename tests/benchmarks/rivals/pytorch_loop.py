"""The loop that a person would write in PyTorch: a script for an interpreter that has it.

Reads one JSON line for each question, and answers each with one line: what a training step takes, in
milliseconds.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

LAYERS = {"lstm": nn.LSTM, "gru": nn.GRU, "simple_rnn": nn.RNN}
BATCHES = 32
"""That are at hand, one after the other."""


class Cell(nn.Module):
    """Recurrent layers, and one number from their last state."""

    def __init__(self, kind: str, units: int, steps: int, batch: int, layers: int):
        super().__init__()
        self.recurrent = LAYERS[kind](1, units, layers, batch_first=True)
        self.dense = nn.Linear(units, 1)
        self.windows = torch.randn(BATCHES, batch, steps, 1)

    def loss(self, number: int) -> Tensor:
        """Return the mean squared error of a batch."""
        windows = self.windows[number]
        return nn.functional.mse_loss(self.dense(self.recurrent(windows)[0][:, -1]), windows[:, -1])


class Characters(nn.Module):
    """A character model whose states go on from batch to batch."""

    def __init__(self, batch: int, steps: int, units: int, layers: int, tokens: int, embedding: int):
        super().__init__()
        self.embedding = nn.Embedding(tokens, embedding)
        self.recurrent = nn.LSTM(embedding, units, layers, batch_first=True)
        self.dense = nn.Linear(units, tokens)
        self.texts = torch.randint(tokens, (BATCHES, batch, steps + 1))
        self.states: tuple[Tensor, Tensor] | None = None

    def loss(self, number: int) -> Tensor:
        """Return the cross-entropy of a batch."""
        text = self.texts[number]
        outputs, (h, c) = self.recurrent(self.embedding(text[:, :-1]), self.states)
        self.states = h.detach(), c.detach()
        return nn.functional.cross_entropy(self.dense(outputs).flatten(0, 1), text[:, 1:].flatten())


class Dates(nn.Module):
    """An encoder–decoder with additive attention after the decoder's layer."""

    def __init__(self, batch: int, source: int, answer: int, units: int, sources: int, answers: int):
        super().__init__()
        width = 2 * units
        self.source_tokens = nn.Embedding(sources, units, padding_idx=0)
        self.answer_tokens = nn.Embedding(answers, width)
        self.reader = nn.LSTM(units, units, batch_first=True, bidirectional=True)
        self.writer = nn.LSTM(width, width, batch_first=True)
        self.asked, self.offered = (nn.Linear(width, width, bias=False) for _ in range(2))
        self.scale = nn.Parameter(torch.randn(width))
        self.mixed = nn.Linear(2 * width, width)
        self.next_token = nn.Linear(width, answers)
        self.dates = torch.randint(1, sources, (BATCHES, batch, source))
        self.answers = torch.randint(1, answers, (BATCHES, batch, answer + 1))

    def loss(self, number: int) -> Tensor:
        """Return the cross-entropy of a batch whose answers are known."""
        dates, answers = self.dates[number], self.answers[number]
        read, ends = self.reader(self.source_tokens(dates))
        states = tuple(torch.cat([end[0], end[1]], -1)[None] for end in ends)
        written, _ = self.writer(self.answer_tokens(answers[:, :-1]), states)
        claims = torch.tanh(self.asked(written)[:, :, None] + self.offered(read)[:, None]) @ self.scale
        claims = claims.masked_fill(dates[:, None] == 0, -1e9)
        seen = torch.softmax(claims, -1) @ read
        logits = self.next_token(torch.tanh(self.mixed(torch.cat([written, seen], -1))))
        return nn.functional.cross_entropy(logits.flatten(0, 1), answers[:, 1:].flatten())


NETWORKS: dict[str, type[Any]] = {"cell": Cell, "characters": Characters, "dates": Dates}


def trainer(network: Any) -> Callable[[int], None]:
    """Return what makes that many training steps."""
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3)

    def train(count: int) -> None:
        for number in range(count):
            optimizer.zero_grad(set_to_none=True)
            network.loss(number % BATCHES).backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()

    return train


def main() -> None:
    """Answer questions until there are none."""
    torch.manual_seed(0)
    train, count = None, 1
    for line in sys.stdin:
        said = json.loads(line)
        if "prepare" in said:
            train, count = trainer(NETWORKS[said["prepare"]](**said["network"])), 2
            milliseconds(train, count)
            once = milliseconds(train, count)
            count = max(2, round(1000 * said["seconds"] / once))
        print(milliseconds(train, count), flush=True)


def milliseconds(train: Callable[[int], None], count: int) -> float:
    """Time a training step."""
    start = time.perf_counter()
    train(count)
    return 1000 * (time.perf_counter() - start) / count


if __name__ == "__main__":
    main()
