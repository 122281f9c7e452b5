//! Logins and their refresh tokens. The row of a login is locked before anything of its family is looked at, so of two
//! who show the same token one comes second, and is seen to.

use hypogeum_accounts::{AccountStoreError, LoginStore, NewLogin, REFRESH_GRACE_S, Rotation};
use hypogeum_protocol::AccountId;

use crate::accounts::account_error;
use crate::change::Change;
use crate::refusal::Refusal;
use crate::rows::{now_s, signed, unsigned};
use crate::store::Store;
use crate::transaction::Transaction;

/// How long a family whose tokens have all expired is remembered: longer than any access token of it is good for.
const REMEMBERED_S: i64 = 24 * 60 * 60;

impl LoginStore for Store {
    async fn open_login(&self, new: NewLogin) -> Result<(), AccountStoreError> {
        self.change(OpenLogin(new)).await.map_err(|refusal| account_error(&refusal))
    }

    async fn rotate(
        &self,
        presented: [u8; 32],
        next: [u8; 32],
        now_s: u64,
        expires_s: u64,
    ) -> Result<Rotation, AccountStoreError> {
        let rotate = Rotate { presented, next, now_s: signed(now_s), expires_s: signed(expires_s) };
        self.change(rotate).await.map_err(|refusal| account_error(&refusal))
    }

    async fn is_login_open(&self, account: AccountId, login: u64) -> Result<bool, AccountStoreError> {
        let open = "SELECT login FROM logins WHERE login = $1 AND account = $2 AND closed_s IS NULL";
        let binds = vec![signed(login).into(), signed(account.0).into()];
        self.rows(open, binds).await.map(|rows| !rows.is_empty()).map_err(|refusal| account_error(&refusal))
    }

    async fn close_login(&self, account: AccountId, login: u64) -> Result<bool, AccountStoreError> {
        let close = CloseLogins { account, login: Some(login) };
        self.change(close).await.map(|closed| closed > 0).map_err(|refusal| account_error(&refusal))
    }

    async fn close_all_logins(&self, account: AccountId) -> Result<u32, AccountStoreError> {
        self.change(CloseLogins { account, login: None }).await.map_err(|refusal| account_error(&refusal))
    }
}

struct OpenLogin(NewLogin);

impl Change for OpenLogin {
    type Done = ();

    async fn apply(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        let NewLogin { login, account, token_digest, seen_at, now_s, expires_s } = self.0;
        let (account, now_s) = (signed(account.0), signed(now_s));
        forget(changes, account, now_s).await?;
        let login = signed(login);
        let seen = "UPDATE accounts SET seen_network = $2
             WHERE id = $1 AND (seen_network IS NULL OR seen_network <> $2)";
        changes.run(seen, &[account.into(), seen_at.0.as_slice().into()]).await?;
        let open = "INSERT INTO logins (login, account, opened_s) VALUES ($1, $2, $3)";
        changes.run(open, &[login.into(), account.into(), now_s.into()]).await?;
        put_token(changes, &token_digest, login, signed(expires_s)).await
    }
}

/// Forgets what nobody can use any more, so that no account's logins pile up.
async fn forget(changes: &mut Transaction, account: i64, now_s: i64) -> Result<(), Refusal> {
    let tokens = "DELETE FROM refresh_tokens
         WHERE expires_s <= $2 AND login IN (SELECT login FROM logins WHERE account = $1)";
    changes.run(tokens, &[account.into(), now_s.saturating_sub(REMEMBERED_S).into()]).await?;
    let logins = "DELETE FROM logins WHERE account = $1
         AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE refresh_tokens.login = logins.login)";
    changes.run(logins, &[account.into()]).await?;
    Ok(())
}

async fn put_token(changes: &mut Transaction, digest: &[u8; 32], login: i64, expires_s: i64) -> Result<(), Refusal> {
    let put = "INSERT INTO refresh_tokens (digest, login, expires_s) VALUES ($1, $2, $3)";
    changes.run(put, &[digest.as_slice().into(), login.into(), expires_s.into()]).await?;
    Ok(())
}

struct Rotate {
    presented: [u8; 32],
    next: [u8; 32],
    now_s: i64,
    expires_s: i64,
}

impl Change for Rotate {
    type Done = Rotation;

    async fn apply(&self, changes: &mut Transaction) -> Result<Rotation, Refusal> {
        let presented = self.presented.as_slice();
        let whose = changes.rows("SELECT login FROM refresh_tokens WHERE digest = $1", &[presented.into()]).await?;
        let Some(row) = whose.first() else { return Ok(Rotation::Refused) };
        let login = row.number("login")?;
        let lock = changes.either(
            "SELECT account FROM logins WHERE login = $1 AND closed_s IS NULL",
            "SELECT account FROM logins WHERE login = $1 AND closed_s IS NULL FOR UPDATE",
        );
        let open = changes.rows(lock, &[login.into()]).await?;
        let Some(row) = open.first() else { return Ok(Rotation::Refused) };
        let account = row.number("account")?;
        let good = "SELECT name FROM refresh_tokens CROSS JOIN accounts
             WHERE digest = $1 AND expires_s > $2 AND id = $3";
        let token = changes.rows(good, &[presented.into(), self.now_s.into(), account.into()]).await?;
        let Some(token) = token.first() else { return Ok(Rotation::Refused) };
        let name = token.text("name")?.to_owned();
        let rotated = Rotation::Rotated { login: unsigned(login), account: AccountId(unsigned(account)), name };
        let use_it = "UPDATE refresh_tokens SET used_s = $2 WHERE digest = $1 AND used_s IS NULL";
        if changes.run(use_it, &[presented.into(), self.now_s.into()]).await? == 0 {
            if self.is_repeat(changes, login).await? {
                return Ok(rotated);
            }
            let close = "UPDATE logins SET closed_s = $2 WHERE login = $1";
            changes.run(close, &[login.into(), self.now_s.into()]).await?;
            return Ok(Rotation::Reused { login: unsigned(login), account: AccountId(unsigned(account)) });
        }
        let over = "DELETE FROM refresh_tokens WHERE login = $1 AND expires_s <= $2";
        changes.run(over, &[login.into(), self.now_s.into()]).await?;
        put_token(changes, &self.next, login, self.expires_s).await?;
        Ok(rotated)
    }
}

impl Rotate {
    /// Whether a used token got this very successor a moment ago and nobody has used that: then its answer was lost.
    async fn is_repeat(&self, changes: &mut Transaction, login: i64) -> Result<bool, Refusal> {
        let unused = "SELECT next.login FROM refresh_tokens AS next CROSS JOIN refresh_tokens AS used
             WHERE next.digest = $1 AND next.login = $2 AND next.used_s IS NULL AND next.expires_s > $3
             AND used.digest = $4 AND used.used_s >= $5";
        let since_s = self.now_s.saturating_sub(signed(REFRESH_GRACE_S));
        let (next, presented) = (self.next.as_slice(), self.presented.as_slice());
        let binds = [next.into(), login.into(), self.now_s.into(), presented.into(), since_s.into()];
        Ok(!changes.rows(unused, &binds).await?.is_empty())
    }
}

struct CloseLogins {
    account: AccountId,
    /// `None`: all of them.
    login: Option<u64>,
}

impl Change for CloseLogins {
    type Done = u32;

    async fn apply(&self, changes: &mut Transaction) -> Result<u32, Refusal> {
        let account = signed(self.account.0);
        let closed = match self.login {
            Some(login) => {
                let one = "UPDATE logins SET closed_s = $1 WHERE account = $2 AND closed_s IS NULL AND login = $3";
                changes.run(one, &[now_s().into(), account.into(), signed(login).into()]).await?
            }
            None => {
                let all = "UPDATE logins SET closed_s = $1 WHERE account = $2 AND closed_s IS NULL";
                changes.run(all, &[now_s().into(), account.into()]).await?
            }
        };
        Ok(u32::try_from(closed).unwrap_or(u32::MAX))
    }
}
