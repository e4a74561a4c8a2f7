import { failureCause } from "../../../packages/cli-kit/failure-cause";

test.each([
  // npm, pip, apt-get, Terraform and Node.js, as they print it
  [
    "npm error code EAI_AGAIN\nnpm error request to https://r/zod failed",
    "no connection to the network (EAI_AGAIN)",
  ],
  [
    "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution",
    "no connection to the network",
  ],
  [
    "Err:1 http://deb.debian.org bookworm InRelease\n  Temporary failure resolving 'deb.debian.org'",
    "no connection",
  ],
  [
    "could not query provider registry: dial tcp: lookup registry.terraform.io: no such host",
    "no connection",
  ],
  ["getaddrinfo ENOTFOUND releases.hashicorp.com", "no connection to the network (ENOTFOUND)"],
  ["npm error nospc ENOSPC: no space left on device, write", "the disk is full (ENOSPC)"],
  ["OSError: [Errno 28] No space left on device", "the disk is full (ENOSPC)"],
  [
    "The virtual environment was not created successfully because ensurepip is not\navailable.",
    "Python lacks venv",
  ],
  ["/usr/bin/python3: No module named pip", "Python lacks pip"],
])("%j is explained in one line", (output, cause) => {
  expect(failureCause(output, {})).toContain(cause);
  expect(failureCause(output, {})).not.toContain("\n");
});

test("a proxy that is set is named, and its address, which can hold a password, is not", () => {
  const cause = failureCause("connect ECONNREFUSED 10.0.0.1:3128", {
    HTTPS_PROXY: "http://me:secret@10.0.0.1:3128",
  });
  expect(cause).toBe("no connection through the proxy in HTTPS_PROXY (ECONNREFUSED)");
});

test("another failure is not explained", () => {
  expect(failureCause("npm error code EINTEGRITY", {})).toBeUndefined();
});
