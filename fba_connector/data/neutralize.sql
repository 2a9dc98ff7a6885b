-- A copied database must never reach Amazon.
UPDATE fba_account
   SET paused = true,
       keys_prefix = NULL;
UPDATE fba_account_keys
   SET lwa_client_id = NULL,
       lwa_client_secret = NULL,
       refresh_token = NULL;
