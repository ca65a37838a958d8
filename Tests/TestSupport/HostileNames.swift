/// Names that look like markup, code, paths or formulas somewhere.
package let hostileNames = [
  "it's \"quoted\" `touch /tmp/bench-pwned` $(touch /tmp/bench-pwned)", "line\nbreak\tand tab", "../../etc/passwd",
  "<script>alert('x')</script> & <b>bold</b>", "a|b|c \\ 100% {/Symbol a}_2^3 @user #1 https://example.org",
  "🎉 emoji \u{202E}desrever", String(repeating: "long name ", count: 30), "=HYPERLINK(\"http://x\")",
  "'; system('ls'); '",
  "{{mustache}} {{{triple}}}",
]
