/** The icons of the app, in the colour of the surrounding text. */

/** Renders the logo: an aisle between two shelves. */
export function Logo({ size }: { readonly size: number }) {
  return (
    <svg class="logo" width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="15" class="logo-background" />
      <g fill="none" stroke-width="5" stroke-linecap="round" stroke-linejoin="round">
        <path d="M14 50 27 14M50 50 37 14" stroke="#fff" />
        <path d="M32 50v-7M32 34v-5M32 21v-3" stroke="#8fe3c8" />
      </g>
    </svg>
  );
}

function Line({ path }: { readonly path: string }) {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 20 20"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      <path d={path} />
    </svg>
  );
}

export const ChevronIcon = () => <Line path="m5 8 5 5 5-5" />;
export const SignOutIcon = () => <Line path="M8 3.5H4.5v13H8M12.5 6.5 16 10l-3.500 3.500M16 10H8" />;
