import { testEnvironments } from "./test-environments";

/**
 * Imported first by tests of command lines: the environments of examples and documents exist there, whichever are in the
 * committed settings.
 */
jest.mock("../../stacks/environments", () => ({ environments: testEnvironments }));
