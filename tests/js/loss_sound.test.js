// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { lossPitch } from "../../components/ui/assets/loss_sound.js";

test("the smaller the loss, the lower its pitch", () => {
  const pitches = [2, 1, 0.5, 0.1].map((loss) => lossPitch(loss, 1));
  assert.deepEqual(pitches, [...pitches].sort((one, other) => other - one));
  assert.equal(lossPitch(1, 1), lossPitch(70, 70));
  assert.ok(lossPitch(0.1, 1) < lossPitch(1, 1) / 2);
});

test("what is heard can be heard, whatever the loss", () => {
  for (const loss of [1e-30, 1e30, 0, -5]) {
    const pitch = lossPitch(loss, 1);
    assert.ok(pitch >= 110 && pitch <= 1760, String(pitch));
  }
});

test("a loss that falls below zero is heard fall, too", () => {
  assert.ok(lossPitch(-2, -1) < lossPitch(-1, -1));
  assert.ok(lossPitch(-0.5, 0.5) < lossPitch(0.5, 0.5));
});

test("a loss that is no number growls below all that are", () => {
  assert.ok(lossPitch(null, 1) < lossPitch(1e-30, 1));
});
