/**
 * A figure whose changed digits settle into place. Digits never run through values in between: those were never
 * true, and somebody may be reading them.
 */

export function RollingNumber({ text }: { readonly text: string }) {
  const characters = [...text];
  return (
    <span class="rolling" style={{ '--chars': String(characters.length) }}>
      <span class="said">{text}</span>
      <span aria-hidden="true" class="digits">
        {characters.map((character, index) => {
          // Counted from the right, so that a new leading digit leaves the others standing where they are.
          const place = characters.length - index;
          return (
            <span key={`${place} ${character}`} class="digit">
              {character}
            </span>
          );
        })}
      </span>
    </span>
  );
}
