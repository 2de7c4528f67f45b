import { useState } from 'preact/hooks';

export function SignIn({
  why,
  onToken,
}: {
  why: string | undefined;
  onToken: (token: string) => Promise<void>;
}) {
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  const enter = (event: Event): void => {
    event.preventDefault();
    if (busy || token.trim() === '') return;
    setBusy(true);
    void onToken(token.trim()).finally(() => setBusy(false));
  };
  return (
    <main class="sign-in">
      <h1>Pointsman</h1>
      <form onSubmit={enter}>
        <label for="token">Token</label>
        <input
          id="token"
          type="password"
          autocomplete="off"
          spellcheck={false}
          value={token}
          aria-describedby="token-note"
          onInput={(event) => setToken(event.currentTarget.value)}
        />
        <p id="token-note" class="note">
          A viewer’s token shows everything; an operator’s also steers. It is kept in this tab alone, until it
          is closed.
        </p>
        <p role="alert" class="refusal">
          {why}
        </p>
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
    </main>
  );
}
