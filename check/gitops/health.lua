-- Argo CD's health of an InferenceService, written anew from the contract's words (contract/kserve.md 1.2): of five named
-- conditions exactly three must be True for the annotation RawDeployment and all five without it; any False is Degraded
-- and any Unknown is Progressing, whatever the condition's name.
local COUNTED = {
  IngressReady = true,
  PredictorConfigurationReady = true,
  PredictorReady = true,
  PredictorRouteReady = true,
  Ready = true,
}

local function wanted(object)
  local annotations = object.metadata.annotations or {}
  return annotations["serving.kserve.io/deploymentMode"] == "RawDeployment" and 3 or 5
end

local function health(object)
  local conditions = object.status and object.status.conditions
  if not conditions then
    return "Progressing"
  end
  local counted, bad, unsure = 0, 0, 0
  for _, condition in ipairs(conditions) do
    if condition.status == "False" then
      bad = bad + 1
    elseif condition.status == "Unknown" then
      unsure = unsure + 1
    elseif COUNTED[condition.type] then
      counted = counted + 1
    end
  end
  if bad > 0 then
    return "Degraded"
  end
  if unsure == 0 and counted == wanted(object) then
    return "Healthy"
  end
  return "Progressing"
end

for _, object in ipairs(assert(load(io.read("a")))()) do
  print(health(object))
end
