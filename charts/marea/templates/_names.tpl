{{/* Names are fixed: certificates, feeds and addresses are built from them, and a cluster has one Marea a namespace. */}}
{{- define "marea.labels" -}}
app.kubernetes.io/part-of: marea
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "marea.image" -}}
{{- with .Values.image.prefix }}{{ trimSuffix "/" . }}/{{ end -}}
marea:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "marea.priorityClass" -}}
{{- if .Values.priorityClass.name }}{{ .Values.priorityClass.name }}
{{- else if .Values.priorityClass.create }}{{ .Release.Namespace }}{{ end }}
{{- end }}

{{/* Kept when the release is uninstalled, if that was asked for. */}}
{{- define "marea.keepGateway" -}}
{{- if eq .Values.uninstall "keep-serving" }}helm.sh/resource-policy: keep{{ end }}
{{- end }}

{{- define "marea.podSecurity" -}}
runAsNonRoot: true
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "marea.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Both roles look alike to the kubelet. */}}
{{- define "marea.probes" -}}
startupProbe:
  httpGet: {path: /healthz, port: admin}
  periodSeconds: 1
  failureThreshold: 120
livenessProbe:
  httpGet: {path: /healthz, port: admin}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: admin}
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: 2
{{- end }}

{{- define "marea.identity" -}}
- name: POD_NAME
  valueFrom: {fieldRef: {fieldPath: metadata.name}}
- name: POD_NAMESPACE
  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}
{{- end }}

{{- define "marea.spread" -}}
{{- if .root.Values.topologySpread }}
topologySpreadConstraints:
  {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        app.kubernetes.io/name: {{ $.name }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "marea.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
