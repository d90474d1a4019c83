/** What vite puts into `import.meta.env`. */
/// <reference types="vite/client" />
