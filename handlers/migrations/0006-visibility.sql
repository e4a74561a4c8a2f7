-- Constraints are validated, and indexes made, by a later migration: this one locks out readers.
ALTER TABLE media
  -- Who may see and play it. What existed before was shown to everybody, and stays so.
  ADD COLUMN visibility text NOT NULL DEFAULT 'public',
  ADD COLUMN description text NOT NULL DEFAULT '',
  -- Whoever has it sees an unlisted video.
  ADD COLUMN share_token text,
  -- Signs tickets for its events, which browsers request without headers.
  ADD COLUMN events_key text,
  ADD CONSTRAINT media_visibility CHECK (visibility IN ('private', 'unlisted', 'public')) NOT VALID,
  ADD CONSTRAINT media_description CHECK (length(description) <= 5000) NOT VALID,
  ADD CONSTRAINT media_share_token_length CHECK (length(share_token) >= 22) NOT VALID,
  ADD CONSTRAINT media_share_token CHECK ((visibility = 'unlisted') = (share_token IS NOT NULL)) NOT VALID;
ALTER TABLE media
  ALTER COLUMN visibility SET DEFAULT 'private',
  -- Set afterwards: as a column's first default it would rewrite the table.
  ALTER COLUMN events_key SET DEFAULT gen_random_uuid()::text;
