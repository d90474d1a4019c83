/** Types of `import.meta.env` under Vite. */
/// <reference types="vite/client" />
