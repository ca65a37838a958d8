// Where a value lies on an axis, and the round values that name its places.

/** Round values between two: 1, 2 or 5 times a power of ten apart, about `count` of them. */
function roundValues(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const values = [];
  for (let place = Math.ceil(low / step - 1e-9); place * step <= high + step * 1e-9; place += 1) {
    values.push(Number((place * step).toPrecision(12)));
  }
  return values;
}

/** Round multiples of each power of ten between two values; the more powers, the fewer of them. */
function roundRatios(low, high, count) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const powers = last - first;
  const factors = high < 20 * low ? [1, 1.5, 2, 3, 4, 5, 7] : powers * 3 <= count * 1.6 ? [1, 2, 5] : [1];
  const step = Math.max(1, Math.ceil(powers / (count * 1.6)));
  const values = [];
  for (let power = first; power <= last; power += step) {
    for (const factor of factors) values.push(Number((factor * 10 ** power).toPrecision(6)));
  }
  const inside = values.filter((value) => value >= low * 0.9999 && value <= high * 1.0001);
  return inside.length > 1 ? inside : roundValues(low, high, count);
}

/**
 * An axis from `low` to `high` over pixels `from` to `to`.
 *
 * - linear: equal lengths are equal differences
 * - log: equal ratios
 * - error: equal ratios of 1 − value, so that 99 and 99.9 % lie as far apart as 90 and 99 %
 */
class Scale {
  constructor(kind, low, high, from, to, errorFloor = 1e-4) {
    const bend = {
      linear: (value) => value,
      log: (value) => Math.log10(Math.max(value, 1e-300)),
      error: (value) => -Math.log10(Math.max(1 - value, errorFloor)),
    }[kind];
    const unbend = { linear: (place) => place, log: (place) => 10 ** place, error: (place) => 1 - 10 ** -place }[kind];
    let [start, end] = [bend(low), bend(high)];
    if (!(end - start > 1e-12)) {
      const room = 0.5 * Math.max(1e-3, Math.abs(start));
      [start, end] = [start - room, end + room];
    }
    Object.assign(this, { kind, bend, low: unbend(start), high: unbend(end) });
    this.place = (value) => from + ((bend(value) - start) / (end - start)) * (to - from);
    this.value = (pixel) => unbend(start + ((pixel - from) / (to - from)) * (end - start));
  }

  /** Round values, from the lowest up. */
  ticks(count) {
    if (this.kind === "log") return roundRatios(this.low, this.high, count);
    if (this.kind === "error") {
      const [least, most] = [Math.max(1 - this.high, 1e-9), 1 - this.low];
      const errors = most / least > 3 ? roundRatios(least, most, count) : roundValues(least, most, count);
      return errors.map((error) => 1 - error).reverse();
    }
    return roundValues(this.low, this.high, count);
  }
}
