import { Listeners, viewerAddress } from "../../../handlers/processor/listeners";

const peer = "10.0.0.1";

describe("the viewer's address", () => {
  it.each([
    ["192.0.2.1, 198.51.100.1", "192.0.2.1"],
    ["203.0.113.9, 192.0.2.1, 198.51.100.1", "192.0.2.1"],
    ["unknown, 203.0.113.9,192.0.2.1 ,198.51.100.1", "192.0.2.1"],
    ["2001:db8::1, 198.51.100.1", "2001:db8::1"],
    // Not through CloudFront.
    ["192.0.2.1", "192.0.2.1"],
    ["", peer],
    ["not an address, 198.51.100.1", peer],
  ])("of %j is %s", (header, address) => {
    expect(viewerAddress(header, peer)).toBe(address);
  });

  it("is the peer's without the header", () => expect(viewerAddress(undefined, peer)).toBe(peer));
});

describe("listeners", () => {
  const never = new AbortController().signal;

  it.each([
    ["192.0.2.1", "192.0.2.1", "address"],
    ["192.0.2.1", "::ffff:192.0.2.1", "address"],
    ["192.0.2.1", "192.0.2.2", undefined],
    ["2001:db8::1", "2001:db8:0:0:ffff::2", "address"],
    ["2001:db8:0:1::", "2001:DB8:0:1:2:3:4:5", "address"],
    ["2001:db8:0:1::1", "2001:db8:0:2::1", undefined],
    ["::1", "0:0:0:0:1::", "address"],
  ])("of %s and %s", (one, other, full) => {
    const listeners = new Listeners({ most: 9, mostPerAddress: 1 });
    expect(listeners.enter(one, never)).toBeUndefined();
    expect(listeners.enter(other, never)).toBe(full);
  });

  it("that have gone make room, and are forgotten", () => {
    const listeners = new Listeners({ most: 2, mostPerAddress: 1 });
    for (let turn = 0; turn < 1_000; turn++) {
      const [one, other] = [new AbortController(), new AbortController()];
      expect(listeners.enter("192.0.2.1", one.signal)).toBeUndefined();
      expect(listeners.enter("192.0.2.2", other.signal)).toBeUndefined();
      expect(listeners.enter("192.0.2.3", never)).toBe("all");
      one.abort();
      other.abort();
    }
  });
});
