ALTER TABLE media
  -- Who may see and play it. What existed before was shown to everybody, and stays so.
  ADD COLUMN visibility text NOT NULL DEFAULT 'public'
    CHECK (visibility IN ('private', 'unlisted', 'public')),
  ADD COLUMN description text NOT NULL DEFAULT '' CHECK (length(description) <= 5000),
  -- Whoever has it sees an unlisted video.
  ADD COLUMN share_token text CHECK (length(share_token) >= 22),
  -- Signs tickets for its events, which browsers request without headers.
  ADD COLUMN events_key text,
  ADD CONSTRAINT media_share_token CHECK ((visibility = 'unlisted') = (share_token IS NOT NULL));
ALTER TABLE media
  ALTER COLUMN visibility SET DEFAULT 'private',
  -- Set afterwards: as a column's first default it would rewrite the table.
  ALTER COLUMN events_key SET DEFAULT gen_random_uuid()::text;

CREATE INDEX media_newest_public ON media (created_at DESC, id DESC)
  WHERE visibility = 'public' AND status = 'ready';
CREATE INDEX media_newest_by_owner ON media (owner, created_at DESC, id DESC);
CREATE INDEX media_newest_by_owner_and_status ON media (owner, status, created_at DESC, id DESC);
