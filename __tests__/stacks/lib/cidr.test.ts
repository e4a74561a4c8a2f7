import { parseCidr, subnetCidr } from "../../../stacks/lib/cidr";

test("divides a block into equal ones that do not overlap", () => {
  expect(subnetCidr("10.10.0.0/16", { bits: 4, index: 0 })).toBe("10.10.0.0/20");
  expect(subnetCidr("10.10.0.0/16", { bits: 4, index: 9 })).toBe("10.10.144.0/20");
  expect(subnetCidr("10.10.0.0/16", { bits: 4, index: 15 })).toBe("10.10.240.0/20");
});

test("fails beyond the last block", () => {
  expect(() => subnetCidr("10.10.0.0/16", { bits: 4, index: 16 })).toThrow(
    "10.10.0.0/16 has no /20 block with index 16",
  );
});

test.each(["10.0.0.0", "10.0.0.256/16", "10.0.1.0/16", "10.0.0.0/33", "ten"])("fails to read %s", (cidr) => {
  expect(parseCidr(cidr)).toBeUndefined();
});
