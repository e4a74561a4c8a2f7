import { median, pairwiseRatio, percentile } from "../../bench/statistics";

describe("statistics of figures", () => {
  it("have the one in the middle as the median, or the mean of two", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([1, 10, 3, 5])).toBe(4);
    expect(median([7])).toBe(7);
  });

  it("compare what was taken in the same turn, so that a busy turn changes nothing", () => {
    // The second turn was ten times slower for both; medians alone would say 2/4.
    expect(pairwiseRatio([1, 20, 2], [2, 40, 4])).toBe(0.5);
    expect(pairwiseRatio([1, 30, 2], [4, 40, 2])).toBe(0.75);
  });

  it("have percentiles by nearest rank", () => {
    const figures = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(figures, 0.99)).toBe(99);
    expect(percentile(figures, 1)).toBe(100);
    expect(percentile([3], 0)).toBe(3);
  });

  it("fails where there is nothing to compare", () => {
    expect(() => median([])).toThrow("there is no median of nothing");
    expect(() => percentile([], 0.5)).toThrow("there is no percentile of nothing");
    expect(() => pairwiseRatio([1, 2], [1])).toThrow(
      "as many figures are wanted as of the baseline, got 2 and 1",
    );
  });
});
