import { logNormal, seeded } from "../../bench/scaling/random";
import { geometricMean, median, pairedRatios, percentile } from "../../bench/statistics";

describe("statistics of figures", () => {
  it("have the middle value as the median, or the mean of the two middle values", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([1, 10, 3, 5])).toBe(4);
    expect(median([7])).toBe(7);
  });

  it("have percentiles by nearest rank", () => {
    const figures = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(figures, 0.99)).toBe(99);
    expect(percentile(figures, 1)).toBe(100);
    expect(percentile([3], 0)).toBe(3);
  });

  it("compare what was taken in the same turn, so that a busy turn changes nothing", () => {
    expect(pairedRatios([1, 20, 2], [2, 40, 4])).toEqual([0.5, 0.5, 0.5]);
    expect(pairedRatios([1, 30], [4, 40, 2])).toEqual([0.25, 0.75]);
    expect(pairedRatios([1, 20, 2], [2, 40])).toEqual([0.5, 0.5]);
  });

  it("fails where there is nothing to compare", () => {
    expect(() => median([])).toThrow("the median needs at least one figure");
    expect(() => percentile([], 0.5)).toThrow("the percentile needs at least one figure");
    expect(() => geometricMean([])).toThrow("the mean needs at least one figure");
    expect(() => geometricMean([1, 0])).toThrow("figures must be above 0, got 0");
    expect(() => geometricMean([1, NaN])).toThrow("figures must be above 0, got NaN");
  });
});

describe("the confidence interval of a geometric mean", () => {
  it("is the t interval of the logarithms", () => {
    // exp(mean ± 3.182 × standard deviation / 2) of the four logarithms
    const { estimate, low, high } = geometricMean([0.9, 1, 1.1, 1.25]);
    expect(estimate).toBeCloseTo((0.9 * 1 * 1.1 * 1.25) ** (1 / 4), 10);
    expect(low).toBeCloseTo(0.84437, 3);
    expect(high).toBeCloseTo(1.31747, 3);
    expect(high / estimate).toBeCloseTo(estimate / low, 10);
  });

  it("is the value itself where there is only one, also 0", () => {
    expect(geometricMean([0.7])).toEqual({ estimate: 0.7, low: 0.7, high: 0.7 });
    expect(geometricMean([0])).toEqual({ estimate: 0, low: 0, high: 0 });
  });

  it.each([3, 5, 12, 31, 60])("has the true mean inside in 95 of 100 cases, with %i figures", (size) => {
    const random = seeded(size);
    const cases = 4_000;
    // The median of a log-normal distribution is its geometric mean.
    const sigma = 0.3;
    const truth = Math.exp(-(sigma ** 2) / 2);
    const inside = Array.from({ length: cases }, () => {
      const draw = logNormal(random, 1, sigma);
      const { low, high } = geometricMean(Array.from({ length: size }, () => draw()));
      return low <= truth && truth <= high;
    }).filter(Boolean).length;
    expect(inside / cases).toBeGreaterThan(0.94);
    expect(inside / cases).toBeLessThan(0.962);
  });
});
