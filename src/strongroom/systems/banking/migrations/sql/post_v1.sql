CREATE FUNCTION banking.post(posting jsonb) RETURNS jsonb
LANGUAGE plpgsql SET search_path = banking, pg_temp AS $$
-- Post one journal entry, or refuse it, in one round trip. Order of locks: key, payer, accounts by id.
--
-- posting  key           {user_id, key, operation, request_hash, expires_at} or null
--          payer         {user_id, currency, amount, windows: [{name, since, maximum}]} or null
--          entry         {id, kind, reference, posted_at, reverses, actor_id}
--          lines         [{account | ledger, side: D|C, amount, currency}]; account: a customer's, ledger: a code
--          transactions  rows of banking.transactions, one for each customer account; balance_after is set here
--          response      what to answer, now and to every repetition of the key
--          forced        true: a debit may go below the floor (administrators)
-- returns  {outcome: posted | refused | replayed | conflict, code, facts, response}
-- A refusal is an outcome: it is stored with its key, so that a repetition tomorrow is refused as well.
DECLARE
  claim jsonb := nullif(posting->'key', 'null');
  payer jsonb := nullif(posting->'payer', 'null');
  entry jsonb := posting->'entry';
  forced boolean := coalesce((posting->>'forced')::boolean, false);
  known idempotency_keys;
  sender record;
  bounds record;
  account record;
  spendable numeric;
  locked int := 0;
  refusal jsonb;
  answer jsonb;
BEGIN
  IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
    RAISE EXCEPTION 'money needs synchronous_commit = on' USING ERRCODE = '55000';
  END IF;

  IF claim IS NOT NULL THEN
    -- waits for whoever holds the same key at this moment, so the row read below is an outcome
    INSERT INTO idempotency_keys (user_id, key, operation, request_hash, state, expires_at)
    VALUES ((claim->>'user_id')::uuid, claim->>'key', claim->>'operation', claim->>'request_hash',
            'completed', (claim->>'expires_at')::timestamptz)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      SELECT k.* INTO known FROM idempotency_keys k
       WHERE k.user_id = (claim->>'user_id')::uuid AND k.key = claim->>'key';
      IF known.request_hash <> claim->>'request_hash' THEN
        RETURN jsonb_build_object('outcome', 'conflict');
      END IF;
      RETURN known.response || jsonb_build_object('outcome', 'replayed', 'state', known.state);
    END IF;
  END IF;

  IF payer IS NOT NULL THEN
    SELECT u.* INTO sender FROM users u WHERE u.id = (payer->>'user_id')::uuid FOR NO KEY UPDATE;
    IF NOT sender.is_active OR sender.status <> 'active' THEN
      refusal := jsonb_build_object('code', 'USER_NOT_ACTIVE', 'facts', '{}'::jsonb);
    ELSIF sender.kyc_status IN ('suspended', 'rejected') THEN
      refusal := jsonb_build_object('code', 'KYC_REFUSED', 'facts',
                                    jsonb_build_object('kyc_status', sender.kyc_status));
    END IF;
    FOR bounds IN
      SELECT w.name, w.maximum,
             (SELECT coalesce(sum(t.amount), 0) FROM transactions t
               WHERE t.user_id = sender.id AND t.is_outgoing AND t.currency = payer->>'currency'
                 AND t.status IN ('pending', 'processing', 'completed') AND t.transaction_date >= w.since) AS used
        FROM jsonb_to_recordset(payer->'windows') AS w(name text, since timestamptz, maximum numeric)
       ORDER BY w.since DESC
    LOOP
      EXIT WHEN refusal IS NOT NULL;
      IF bounds.used + (payer->>'amount')::numeric > bounds.maximum THEN
        refusal := jsonb_build_object('code', 'TRANSFER_LIMIT_EXCEEDED', 'facts', jsonb_build_object(
          'limit', bounds.name, 'maximum', bounds.maximum::text,
          'remaining', greatest(bounds.maximum - bounds.used, 0)::text, 'requested', payer->>'amount',
          'currency', payer->>'currency'));
      END IF;
    END LOOP;
  END IF;

  -- in key order, so that no two postings wait for each other; NO KEY, so that inserts that refer to them pass
  FOR account IN
    SELECT a.*, d.delta, d.line_currency FROM accounts a
      JOIN (SELECT l.account, sum(CASE l.side WHEN 'C' THEN l.amount ELSE -l.amount END) AS delta,
                   min(l.currency) AS line_currency
              FROM jsonb_to_recordset(posting->'lines') AS l(account uuid, side text, amount numeric, currency text)
             WHERE l.account IS NOT NULL GROUP BY l.account) d ON d.account = a.id
     ORDER BY a.id FOR NO KEY UPDATE OF a
  LOOP
    locked := locked + 1;
    CONTINUE WHEN refusal IS NOT NULL;
    spendable := account.current_balance - account.reserved_balance
      + CASE WHEN account.is_overdraft_enabled THEN account.overdraft_limit ELSE -account.minimum_balance END;
    IF account.delta < 0 AND account.status <> 'active' AND NOT forced
       OR account.status NOT IN ('active', 'inactive') THEN
      refusal := jsonb_build_object('code', 'ACCOUNT_NOT_ACTIVE', 'facts',
        jsonb_build_object('status', account.status));
    ELSIF account.delta < 0 AND spendable + account.delta < 0 AND NOT forced THEN
      refusal := jsonb_build_object('code', 'INSUFFICIENT_FUNDS', 'facts', jsonb_build_object(
        'available', greatest(spendable, 0)::text, 'requested', (-account.delta)::text,
        'currency', account.currency, 'shortfall', (-account.delta - greatest(spendable, 0))::text));
    END IF;
  END LOOP;
  IF locked <> (SELECT count(DISTINCT l.account)
                  FROM jsonb_to_recordset(posting->'lines') AS l(account uuid)) THEN
    RAISE EXCEPTION 'no such account' USING ERRCODE = '23503', CONSTRAINT = 'posting_account';
  END IF;

  IF refusal IS NOT NULL THEN
    answer := refusal || jsonb_build_object('outcome', 'refused');
    UPDATE idempotency_keys k SET state = 'refused', response = answer
     WHERE k.user_id = (claim->>'user_id')::uuid AND k.key = claim->>'key';
    RETURN answer;
  END IF;

  PERFORM set_config('banking.posting', 'on', true);
  INSERT INTO journal_entries (id, kind, reference, posted_at, reverses, actor_id)
  VALUES ((entry->>'id')::uuid, entry->>'kind', entry->>'reference', (entry->>'posted_at')::timestamptz,
          (entry->>'reverses')::uuid, (entry->>'actor_id')::uuid);

  INSERT INTO journal_lines (entry_id, line, ledger_account_id, side, amount, currency)
  SELECT (entry->>'id')::uuid, l.line, coalesce(l.account, own.id), l.side, l.amount, l.currency
    FROM ROWS FROM (jsonb_to_recordset(posting->'lines')
                    AS (account uuid, ledger text, side text, amount numeric, currency text))
         WITH ORDINALITY AS l(account, ledger, side, amount, currency, line)
    LEFT JOIN ledger_accounts own
      ON own.code = l.ledger AND own.currency = l.currency AND own.account_id IS NULL;

  WITH delta AS (
    SELECT l.account, sum(CASE l.side WHEN 'C' THEN l.amount ELSE -l.amount END) AS amount
      FROM jsonb_to_recordset(posting->'lines') AS l(account uuid, side text, amount numeric)
     WHERE l.account IS NOT NULL GROUP BY l.account
  ), moved AS (
    UPDATE accounts a
       SET current_balance = a.current_balance + d.amount,
           available_balance = a.available_balance + d.amount,
           version = a.version + 1,
           floor_waived = (a.floor_waived OR forced) AND a.available_balance + d.amount
             < CASE WHEN a.is_overdraft_enabled THEN -a.overdraft_limit ELSE 0 END
      FROM delta d WHERE a.id = d.account
    RETURNING a.id, a.current_balance
  )
  INSERT INTO transactions (
    id, user_id, account_id, transaction_type, status, direction, amount, currency, exchange_rate, original_amount,
    original_currency, description, merchant_name, merchant_category, payment_method, card_id, reference_number,
    location, notes, tags, transaction_date, posted_date, fee_amount, balance_after, is_outgoing, transfer_id, p2p_id,
    journal_id, reversal_of, refund_of)
  SELECT t.id, t.user_id, t.account_id, t.transaction_type, t.status, t.direction, t.amount, t.currency,
         t.exchange_rate, t.original_amount, t.original_currency, t.description, t.merchant_name,
         t.merchant_category, t.payment_method, t.card_id, t.reference_number, t.location, t.notes, t.tags,
         t.transaction_date, t.posted_date, coalesce(t.fee_amount, 0), m.current_balance,
         coalesce(t.is_outgoing, false), t.transfer_id, t.p2p_id, (entry->>'id')::uuid, t.reversal_of, t.refund_of
    FROM jsonb_populate_recordset(NULL::transactions, posting->'transactions') t
    JOIN moved m ON m.id = t.account_id;
  PERFORM set_config('banking.posting', 'off', true);

  answer := jsonb_build_object('outcome', 'posted', 'response', posting->'response');
  UPDATE idempotency_keys k SET response = answer
   WHERE k.user_id = (claim->>'user_id')::uuid AND k.key = claim->>'key';
  RETURN answer;
END $$
