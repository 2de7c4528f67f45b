import type { Action, ActionName } from '../model/actions';

interface ActionBarProps {
  readonly actions: readonly Action[];
  readonly onAction: (name: ActionName) => void;
}

/** The buttons. One that cannot be used now stays reachable by keyboard, so that its reason can be read. */
export function ActionBar({ actions, onAction }: ActionBarProps) {
  return (
    <section class="actions" aria-label="Steering">
      <ul>
        {actions.map(({ name, label, what, refusal }) => (
          <li key={name}>
            <button
              type="button"
              class={name === 'rollback' ? 'danger' : ''}
              aria-disabled={refusal !== undefined}
              aria-describedby={`about-${name}`}
              onClick={() => refusal === undefined && onAction(name)}
            >
              {label}
            </button>
            <span id={`about-${name}`} class={refusal === undefined ? 'note' : 'note why-not'}>
              {refusal ?? what}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
