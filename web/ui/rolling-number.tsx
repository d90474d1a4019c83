/** A figure that animates its changed digits. It never shows intermediate values, because a reader could take them for real. */

export function RollingNumber({ text }: { readonly text: string }) {
  const characters = [...text];
  return (
    <span class="rolling" style={{ '--chars': String(characters.length) }}>
      <span class="visually-hidden">{text}</span>
      <span aria-hidden="true" class="digits">
        {characters.map((character, index) => {
          // Counted from the right, so that a new leading digit does not re-animate the others.
          const position = characters.length - index;
          return (
            <span key={`${position} ${character}`} class="digit">
              {character}
            </span>
          );
        })}
      </span>
    </span>
  );
}
