/**
 * Adds what a delivery of prod's settings asks of AWS to `delivery-asks.json`. They have every kind of resource, and the
 * test creates, changes and deletes them.
 */
export const RECORD_DELIVERIES =
  "RECORD_DELIVERY_ASKS=1 npm run test:emulator -- __tests__/emulator/prod.test.ts";
