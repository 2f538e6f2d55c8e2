-- Who may give which role to whom, and who may change whose account (docs/adr/0018-who-may-give-what.md): the same as
-- accounts/policies.py says, for whatever forgets to ask there. The functions belong to reader, who sees every row. The
-- triggers come after the row: policies answer first.

-- Whether an active person of an active organization holds a permission now.
CREATE FUNCTION accounts.holds(person uuid, asked text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.accounts_user u
        JOIN public.accounts_rightgrant g ON g.user_id = u.id
        JOIN public.accounts_role r ON r.id = g.role_id
        LEFT JOIN public.accounts_organization o ON o.id = u.organization_id
        WHERE u.id = person AND u.is_active AND NOT u.is_system AND coalesce(o.status, 'active') = 'active'
          AND asked = ANY (r.permissions)
    )
$$;

-- Who acts here and now by their own right: nobody in a job, a migration or a test, which have no person behind them.
CREATE FUNCTION accounts.acting() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN (c).kind IN ('provider', 'payer', 'admin') OR (c).purpose = 'manage_people' THEN (c).user_id END
    FROM (SELECT ctx.current() AS c) AS token
$$;

-- Whether somebody keeps the people of this organization; of the platform for NULL.
CREATE FUNCTION accounts.manages(giver uuid, organization uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT accounts.holds(giver, 'manage_users') AND EXISTS (
        SELECT FROM public.accounts_user u
        WHERE u.id = giver
          AND CASE WHEN u.role = 'admin' THEN accounts.holds(giver, 'administer') ELSE u.organization_id = organization END
    )
$$;

CREATE FUNCTION accounts.may_give(giver uuid, side text, permissions text[], shipped boolean) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce((
        SELECT CASE
            WHEN u.role = 'admin' AND side <> 'admin' THEN accounts.holds(giver, 'administer')
            WHEN u.role <> side THEN false
            WHEN u.role <> 'admin' AND shipped THEN true
            ELSE (SELECT coalesce(bool_and(accounts.holds(giver, each)), true) FROM unnest(permissions) AS each)
        END
        FROM public.accounts_user u WHERE u.id = giver
    ), false) AND accounts.holds(giver, 'manage_users')
$$;

-- An organization, or the platform, keeps one active person who can let others in. Two who go at once wait for each
-- other here, and the second one sees that the first has gone.
CREATE FUNCTION accounts.keeps_an_administrator(place uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('accounts.administrators ' || coalesce(place::text, ''), 0));
    PERFORM FROM public.accounts_user u
    WHERE u.organization_id IS NOT DISTINCT FROM place AND u.is_active AND NOT u.is_system
      AND EXISTS (
          SELECT FROM public.accounts_rightgrant g JOIN public.accounts_role r ON r.id = g.role_id
          WHERE g.user_id = u.id AND 'manage_users' = ANY (r.permissions)
      )
      AND (u.role <> 'admin' OR EXISTS (
          SELECT FROM public.accounts_rightgrant g JOIN public.accounts_role r ON r.id = g.role_id
          WHERE g.user_id = u.id AND 'administer' = ANY (r.permissions)
      ));
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the last administrator stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'last_administrator';
    END IF;
END
$$;

CREATE FUNCTION accounts.guard_grant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    giver constant uuid := accounts.acting();
    held public.accounts_rightgrant := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    person public.accounts_user;
    given public.accounts_role;
BEGIN
    SELECT * INTO person FROM public.accounts_user WHERE id = held.user_id;
    SELECT * INTO given FROM public.accounts_role WHERE id = held.role_id;
    IF TG_OP = 'INSERT' AND (given.side <> person.role OR held.organization_id IS DISTINCT FROM person.organization_id) THEN
        RAISE EXCEPTION 'a role of another side' USING ERRCODE = 'check_violation';
    END IF;
    IF giver IS NOT NULL AND (
        giver = held.user_id
        OR (TG_OP = 'INSERT' AND held.granted_by_id IS DISTINCT FROM giver)
        OR NOT accounts.manages(giver, person.organization_id)
        OR NOT accounts.may_give(giver, given.side, given.permissions, given.is_system)
    ) THEN
        RAISE EXCEPTION 'not theirs to give or take' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_grant AFTER INSERT OR DELETE ON accounts_rightgrant
FOR EACH ROW EXECUTE FUNCTION accounts.guard_grant();

CREATE FUNCTION accounts.guard_last_grant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    place uuid;
BEGIN
    PERFORM FROM public.accounts_role WHERE id = OLD.role_id AND permissions && ARRAY['manage_users', 'administer']::varchar[];
    IF FOUND THEN
        SELECT organization_id INTO place FROM public.accounts_user WHERE id = OLD.user_id AND is_active;
        IF FOUND THEN
            PERFORM accounts.keeps_an_administrator(place);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER guard_last_grant AFTER DELETE ON accounts_rightgrant
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION accounts.guard_last_grant();

CREATE FUNCTION accounts.guard_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    actor constant uuid := accounts.acting();
BEGIN
    IF actor IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.id = actor THEN
        IF NEW.is_active IS DISTINCT FROM OLD.is_active THEN
            RAISE EXCEPTION 'nobody opens or closes their own account' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF NOT accounts.manages(actor, NEW.organization_id) THEN
        RAISE EXCEPTION 'not theirs to change' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_user
AFTER INSERT OR UPDATE OF email, first_name, last_name, role, organization_id, is_active ON accounts_user
FOR EACH ROW EXECUTE FUNCTION accounts.guard_user();

CREATE FUNCTION accounts.guard_last_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM public.accounts_rightgrant g JOIN public.accounts_role r ON r.id = g.role_id
    WHERE g.user_id = NEW.id AND 'manage_users' = ANY (r.permissions);
    IF FOUND THEN
        PERFORM accounts.keeps_an_administrator(NEW.organization_id);
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER guard_last_user AFTER UPDATE OF is_active ON accounts_user
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
EXECUTE FUNCTION accounts.guard_last_user();

-- A role that ships is written by migrate alone (its policies say so); a composed one by somebody who could give it
-- and does not hold it.
CREATE FUNCTION accounts.guard_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    composer constant uuid := accounts.acting();
BEGIN
    IF composer IS NOT NULL AND NOT (
        accounts.manages(composer, NULL) AND accounts.may_give(composer, NEW.side, NEW.permissions, false)
        AND NOT EXISTS (SELECT FROM public.accounts_rightgrant WHERE role_id = NEW.id AND user_id = composer)
    ) THEN
        RAISE EXCEPTION 'not theirs to compose' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_role AFTER INSERT OR UPDATE ON accounts_role
FOR EACH ROW EXECUTE FUNCTION accounts.guard_role();

CREATE FUNCTION accounts.guard_last_role() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM accounts.keeps_an_administrator(place.organization_id)
    FROM (
        SELECT DISTINCT u.organization_id FROM public.accounts_rightgrant g JOIN public.accounts_user u ON u.id = g.user_id
        WHERE g.role_id = NEW.id AND u.is_active
    ) AS place;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER guard_last_role AFTER UPDATE OF permissions ON accounts_role
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (OLD.permissions && ARRAY['manage_users', 'administer']::varchar[] AND OLD.permissions <> NEW.permissions AND NOT NEW.is_system)
EXECUTE FUNCTION accounts.guard_last_role();

-- When somebody was last seen outlives the session that said so. Whoever changes the person's row at this moment (a
-- deactivation, which ends sessions next) is not waited for: each would wait for the other.
CREATE FUNCTION accounts.keep_last_seen() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.accounts_user SET last_seen_at = greatest(last_seen_at, OLD.last_seen_at)
    WHERE id = (SELECT id FROM public.accounts_user WHERE id = OLD.user_id FOR NO KEY UPDATE SKIP LOCKED);
    RETURN NULL;
END
$$;
CREATE TRIGGER keep_last_seen AFTER DELETE ON accounts_session
FOR EACH ROW WHEN (OLD.user_id IS NOT NULL) EXECUTE FUNCTION accounts.keep_last_seen();

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['holds(uuid, text)', 'acting()', 'manages(uuid, uuid)', 'may_give(uuid, text, text[], boolean)',
        'keeps_an_administrator(uuid)', 'guard_grant()', 'guard_last_grant()', 'guard_user()', 'guard_last_user()',
        'guard_role()', 'guard_last_role()', 'keep_last_seen()']
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION accounts.%s FROM PUBLIC', name);
        EXECUTE format('ALTER FUNCTION accounts.%s OWNER TO {role:reader}', name);
    END LOOP;
END
$$;
