// Command gitops says what the tools of GitOps make of an object: kstatus, by which Flux waits and Helm and kpt judge,
// and Argo CD's health rule for InferenceServices, run in Lua.
//
// It reads objects as JSON, one a line, and prints for each of them "KSTATUS ARGOCD", for example "Current Healthy".
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

const lineMax = 4 << 20

func main() {
	if err := judge(); err != nil {
		fmt.Fprintln(os.Stderr, "gitops:", err)
		os.Exit(1)
	}
}

func judge() error {
	rule := os.Args[1]
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, lineMax)
	var waits []string
	var lua strings.Builder
	lua.WriteString("return {")
	for lines.Scan() {
		var object unstructured.Unstructured
		if err := object.UnmarshalJSON(lines.Bytes()); err != nil {
			return err
		}
		result, err := status.Compute(&object)
		if err != nil {
			return err
		}
		waits = append(waits, string(result.Status))
		write(&lua, object.Object)
		lua.WriteString(",\n")
	}
	if err := lines.Err(); err != nil {
		return err
	}
	lua.WriteString("}")
	health, err := run(rule, lua.String())
	if err != nil {
		return err
	}
	for i, wait := range waits {
		fmt.Println(wait, health[i])
	}
	return nil
}

// run gives the objects, as a chunk of Lua, to the rule.
func run(rule, chunk string) ([]string, error) {
	command := exec.Command("lua5.4", rule)
	command.Stdin = strings.NewReader(chunk)
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("lua5.4 %s: %w", rule, err)
	}
	return strings.Fields(string(out)), nil
}

// write writes a value as Lua spells it.
func write(lua *strings.Builder, value any) {
	switch v := value.(type) {
	case nil:
		lua.WriteString("nil")
	case bool:
		fmt.Fprint(lua, v)
	case int64, float64:
		fmt.Fprint(lua, v)
	case string:
		lua.WriteString(quoted(v))
	case []any:
		lua.WriteString("{")
		for _, item := range v {
			write(lua, item)
			lua.WriteString(",")
		}
		lua.WriteString("}")
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		sort.Strings(names)
		lua.WriteString("{")
		for _, name := range names {
			fmt.Fprintf(lua, "[%s]=", quoted(name))
			write(lua, v[name])
			lua.WriteString(",")
		}
		lua.WriteString("}")
	}
}

func quoted(text string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, b := range []byte(text) {
		fmt.Fprintf(&out, "\\x%02x", b)
	}
	out.WriteByte('"')
	return out.String()
}
