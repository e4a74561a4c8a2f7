-- Readers are not locked out; writers wait for the indexes.
ALTER TABLE media
  VALIDATE CONSTRAINT media_visibility,
  VALIDATE CONSTRAINT media_description,
  VALIDATE CONSTRAINT media_share_token_length,
  VALIDATE CONSTRAINT media_share_token;

CREATE INDEX media_newest_public ON media (created_at DESC, id DESC)
  WHERE visibility = 'public' AND status = 'ready';
CREATE INDEX media_newest_by_owner ON media (owner, created_at DESC, id DESC);
CREATE INDEX media_newest_by_owner_and_status ON media (owner, status, created_at DESC, id DESC);
